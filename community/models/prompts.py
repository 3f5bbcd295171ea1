"""Photo challenges that staff set as Wagtail pages, and the posts that members enter."""

from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet


class PromptsPage(Page):
    """/prompts/: what is on now, what comes, and a calendar of what was."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["community.PromptPage"]
    max_count = 1

    class Meta:
        verbose_name = _("prompts page")

    def serve(self, request, *args, **kwargs):
        from ..views.prompts import prompts

        return prompts(request, self)

    def serve_preview(self, request, mode_name):
        return self.serve(request)


class PromptQuerySet(PageQuerySet):
    """Prompts that are published, by where they are in time."""

    def running(self, now=None):
        now = now or timezone.now()
        return self.live().filter(starts_at__lte=now, ends_at__gt=now)

    def coming(self, now=None):
        return self.live().filter(starts_at__gt=now or timezone.now())

    def past(self, now=None):
        return self.live().filter(ends_at__lte=now or timezone.now())


class PromptForm(WagtailAdminPageForm):
    """A prompt as staff edit it: dates are entered, and shown, in the prompt's own time zone."""

    DATES = ("starts_at", "ends_at")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.DATES:
            if moment := getattr(self.instance, name, None):
                self.initial[name] = self.instance.there(moment).replace(tzinfo=None)

    def clean_time_zone(self):
        name = self.cleaned_data["time_zone"]
        if name not in available_timezones():
            raise ValidationError(_("There is no such time zone. Choose one like Europe/Lisbon."))
        return name

    def clean(self):
        cleaned = super().clean()
        if "time_zone" in cleaned:
            zone = ZoneInfo(cleaned["time_zone"])
            for name in self.DATES:
                # Django took what was typed for a time of the console's own zone.
                if moment := cleaned.get(name):
                    cleaned[name] = timezone.make_naive(moment).replace(tzinfo=zone)
        starts, ends = (cleaned.get(name) for name in self.DATES)
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It ends before it starts."))
        return cleaned


class PromptPage(Page):
    """One photo challenge: an editorial page, with all that Wagtail offers for those."""

    text = RichTextField(_("text"), features=["bold", "italic", "ul", "ol", "link"], blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    cover = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cover"),
    )
    results_at = models.DateTimeField(_("winners announced"), null=True, blank=True, editable=False)

    parent_page_types = ["community.PromptsPage"]
    subpage_types = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("text"),
        FieldPanel("cover"),
        FieldPanel("starts_at", help_text=_("In the time zone below.")),
        FieldPanel("ends_at", help_text=_("In the time zone below.")),
        FieldPanel("time_zone", help_text=_("Like Europe/Lisbon, Asia/Tokyo, or UTC. It is shown with the dates.")),
    ]

    base_form_class = PromptForm
    objects = PageManager.from_queryset(PromptQuerySet)()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="prompt_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["-starts_at"], name="prompts_newest")]

    def with_content_json(self, content):
        """A revision brings words and dates back, and never takes back that the winners were announced."""
        page = super().with_content_json(content)
        page.results_at = self.results_at
        return page

    def serve(self, request, *args, **kwargs):
        from ..views.prompts import prompt

        return prompt(request, slug=self.slug, page=self)

    def serve_preview(self, request, mode_name):
        return self.serve(request)

    def address(self):
        return reverse("prompt", args=[self.slug])

    def there(self, moment):
        """`moment` in the prompt's own time zone."""
        return timezone.localtime(moment, ZoneInfo(self.time_zone))

    @property
    def starts_there(self):
        return self.there(self.starts_at)

    @property
    def ends_there(self):
        return self.there(self.ends_at)

    @property
    def is_running(self):
        return self.live and self.starts_at <= timezone.now() < self.ends_at

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()


class PromptEntry(models.Model):
    """A post that its author entered; with a place, one of the winners that staff picked."""

    prompt = models.ForeignKey(PromptPage, models.CASCADE, related_name="entries", verbose_name=_("prompt"))
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="prompt_entries", verbose_name=_("post"))
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    place = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["prompt", "post"], name="once_in_a_prompt"),
        ]
        indexes = [
            models.Index(fields=["prompt", "-entered_at", "-id"], name="entries_newest"),
            models.Index(fields=["prompt", "place"], name="winners_of_prompt", condition=models.Q(place__isnull=False)),
        ]

    def __str__(self):
        return f"{self.post_id} in {self.prompt_id}"
