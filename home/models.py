"""The front page, editorial pages, and the staff's picks."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester

from . import blocks


class FrontPagePermissionTester(PagePermissionTester):
    """Curators edit and publish the front page; nobody may do to it what would take all members' pages along."""

    def no(self, *args, **kwargs):
        return False

    can_delete = can_unpublish = can_copy = can_copy_to = can_move = can_move_to = no
    can_set_view_restrictions = can_reorder_children = no


class HomePage(Page):
    """The front page, /."""

    heading = models.CharField(_("heading"), max_length=120, default=_("Pictures, from the people who took them."))
    intro = models.TextField(_("introduction"), blank=True, max_length=500)

    body = StreamField(
        blocks.FRONT_PAGE,
        verbose_name=_("body"),
        blank=True,
        default=list,
        help_text=_(
            "Stands between the introduction and what is newest. What is withdrawn vanishes from it by itself."
        ),
    )

    content_panels = [*Page.content_panels, FieldPanel("heading"), FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1
    private_page_options = []

    class Meta:
        verbose_name = _("front page")

    def save(self, *args, **kwargs):
        # Wagtail's clock would unpublish it like any page, and take the site's first address away.
        self.expire_at = None
        super().save(*args, **kwargs)

    def serve(self, request, *args, **kwargs):
        from .views.front import front_page

        return front_page(request, self)

    def serve_preview(self, request, mode_name):
        return self.serve(request)

    def permissions_for_user(self, user):
        return FrontPagePermissionTester(user, self)


class EditorialPage(Page):
    """A page that staff write: about, contact, legal notice."""

    body = StreamField(blocks.EDITORIAL, verbose_name=_("body"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ["home.HomePage", "home.EditorialPage"]
    subpage_types = ["home.EditorialPage"]

    class Meta:
        verbose_name = _("editorial page")
        verbose_name_plural = _("editorial pages")

    def get_context(self, request, *args, **kwargs):
        from . import composing

        context = super().get_context(request, *args, **kwargs)
        return context | {"shown": composing.shown_in(self.body, request.user), "prose": blocks.PROSE}

    @property
    def shows_posts(self):
        """Whether a block of it shows members' things."""
        return any(isinstance(child.block, blocks.Composed) for child in self.body)


class PickQuerySet(models.QuerySet):
    """Words for picks."""

    def current(self, now=None):
        """What the front page shows now, in the curators' order."""
        now = now or timezone.now()
        return self.filter(
            models.Q(shown_until__isnull=True) | models.Q(shown_until__gt=now), shown_from__lte=now
        ).order_by("position", "-shown_from", "pk")


class Pick(models.Model):
    """A post that a curator shows on the front page. A row, never a move: the post stays where its author put it."""

    # Both go by Erase alone, long after their member left: with the post its picks, of a curator the name.
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="picks", verbose_name=_("post"))
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("curator"),
        editable=False,
    )
    shown_from = models.DateTimeField(_("from"), default=timezone.now)
    shown_until = models.DateTimeField(_("until"), null=True, blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)

    objects = PickQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("pick")
        verbose_name_plural = _("picks")
        ordering = ["position", "-shown_from"]
        indexes = [models.Index(fields=["-shown_from", "-id"], name="picks_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shown_until__isnull=True) | models.Q(shown_until__gt=models.F("shown_from")),
                name="pick_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.post} ({self.curator})"
