"""Posts, and the addresses that they had."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from ..ids import new_short_id
from ..licences import Licence
from ..states import LISTED, VISIBLE, AuthorState, HiddenBy, TeamState, Visibility
from .galleries import GalleryPage
from .hashtags import PostHashtag
from .photos import Photo
from .tree import MembersTreePage


class PostQuerySet(PageQuerySet):
    """Posts in the product's words. No view spells out a state."""

    def visible(self):
        """What the post's own row lets be seen. Start from `community.visibility.posts_for` where a person looks."""
        return self.filter(VISIBLE)

    def listed(self):
        """Visible and public: what lists, feeds, search and the sitemap may show.

        The gallery's own row is tested too: narrowing it holds before its posts have been told.
        """
        return self.filter(LISTED, gallery__visibility=Visibility.PUBLIC)

    def discoverable(self):
        """Of what is listed, what people may come across who asked neither for it nor for its author."""
        return self.listed().filter(limited=False)

    def hidden(self):
        """What the post's own row keeps from others, for whatever reason."""
        return self.exclude(VISIBLE)

    def of(self, user):
        """What this member made, in any state."""
        return self.filter(author=user)

    def drafts(self):
        """What was begun and waits for its author: neither published nor scheduled."""
        return self.filter(author_state=AuthorState.DRAFT)

    def for_cards(self):
        """With what a card in a list shows: author, gallery, photos and their renditions, in 3 queries for any number."""
        return self.select_related("author", "gallery").prefetch_related(*card_photos())


def card_photos():
    """What to prefetch for posts that are shown as cards: their photos in order, pictures, renditions. 2 queries."""
    photos = Photo.objects.in_place().select_related("picture").order_by("post", "position")
    return models.Prefetch("photos", photos), "photos__picture__renditions"


class PostPage(MembersTreePage):
    """A post: one caption and its photos, /members/ana/iceland/7Hq2mXk9Ta/."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("author"))
    # The parent in the tree once more, on our own table. `move_post` keeps the two in step.
    gallery = models.ForeignKey(GalleryPage, models.PROTECT, related_name="posts", verbose_name=_("gallery"))
    short_id = models.CharField(_("short id"), max_length=10, unique=True, default=new_short_id, editable=False)
    caption = models.TextField(_("caption"), max_length=2000, blank=True)
    # Caption and alternative texts as search sees them: see gallery/text.py.
    tokens = models.TextField(blank=True, editable=False)

    author_state = models.CharField(
        _("author's state"), max_length=9, choices=AuthorState.choices, default=AuthorState.PUBLISHED
    )
    team_state = models.CharField(_("team's state"), max_length=12, choices=TeamState.choices, default=TeamState.NONE)
    hidden_by = models.PositiveSmallIntegerField(_("hidden by"), default=0)
    photos_ready = models.BooleanField(_("all photos ready"), default=False)
    visibility = models.CharField(_("visibility"), max_length=9, choices=Visibility.choices, default=Visibility.PUBLIC)
    # The narrower of the post's and its gallery's.
    effective_visibility = models.CharField(max_length=9, choices=Visibility.choices, default=Visibility.PUBLIC)

    # Either side may mark a post: it is then blurred until somebody asks for it. Only the team clears the team's.
    sensitive = models.BooleanField(_("sensitive"), default=False)
    sensitive_reason = models.CharField(_("why it is sensitive"), max_length=200, blank=True)
    team_sensitive = models.BooleanField(_("marked sensitive by the team"), default=False)
    # Reachable by its author's followers and by whoever has the link; not in explore, under hashtags or in search.
    limited = models.BooleanField(_("limited by the team"), default=False, db_default=False)
    # What its author lets others have besides the pictures.
    show_camera = models.BooleanField(_("show camera and exposure"), default=False)
    allow_download = models.BooleanField(_("allow download"), default=False)
    comments_off = models.BooleanField(_("no comments"), default=False)
    licence = models.CharField(_("licence"), max_length=8, choices=Licence.choices, default=Licence.ALL_RIGHTS)
    # Its place in its gallery where that is ordered by hand; 0 is none yet, which stands first.
    gallery_position = models.PositiveIntegerField(_("place in the gallery"), default=0)
    # When a scheduled draft is to be published.
    scheduled_for = models.DateTimeField(_("scheduled for"), null=True, blank=True)

    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # Set once, when the post first becomes visible, so that it never appears behind a reader's cursor; never moves.
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    taken_down_at = models.DateTimeField(_("taken down"), null=True, blank=True)
    team_reason = models.TextField(_("the team's reason"), blank=True)

    objects = PageManager.from_queryset(PostQuerySet)()

    parent_page_types = ["gallery.GalleryPage"]
    subpage_types = []

    STATES = frozenset(
        {
            "author",
            "gallery",
            "short_id",
            "author_state",
            "team_state",
            "hidden_by",
            "photos_ready",
            "visibility",
            "effective_visibility",
            "created_at",
            "published_at",
            "withdrawn_at",
            "taken_down_at",
            "team_reason",
            "team_sensitive",
            "limited",
            "gallery_position",
            "scheduled_for",
        }
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(author_state__in=AuthorState.values) & models.Q(team_state__in=TeamState.values),
                name="post_is_in_a_known_state",
            ),
            models.CheckConstraint(
                condition=~VISIBLE | models.Q(published_at__isnull=False), name="visible_post_was_published"
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-short_id"], name="listed_posts_newest", condition=LISTED),
            # What followers see besides: the feed of those who follow many walks this.
            models.Index(fields=["-published_at", "-short_id"], name="visible_posts_newest", condition=VISIBLE),
            models.Index(fields=["author", "-published_at", "-short_id"], name="posts_of_author", condition=VISIBLE),
            models.Index(fields=["gallery", "-published_at", "-short_id"], name="posts_of_gallery", condition=VISIBLE),
            models.Index(
                fields=["gallery", "gallery_position", "-published_at", "-short_id"],
                name="posts_of_gallery_by_hand",
                condition=VISIBLE,
            ),
            models.Index(fields=["author", "-created_at"], name="everything_of_author"),
            models.Index(
                fields=["scheduled_for"],
                name="posts_scheduled",
                condition=models.Q(author_state=AuthorState.SCHEDULED),
            ),
            # What the sweeper looks for every minute.
            models.Index(
                fields=["created_at"], name="posts_waiting_for_photos", condition=models.Q(photos_ready=False)
            ),
            # What the console lists, newest first, whatever its state.
            models.Index(fields=["-created_at", "-short_id"], name="all_posts_newest"),
            models.Index(
                fields=["-published_at", "-short_id"],
                name="all_posts_published",
                condition=models.Q(published_at__isnull=False),
            ),
            models.Index(
                fields=["-created_at", "-short_id"],
                name="posts_the_team_acted_on",
                condition=~models.Q(team_state=TeamState.NONE),
            ),
            models.Index(
                fields=["-created_at", "-short_id"],
                name="posts_authors_deleted",
                condition=models.Q(author_state=AuthorState.WITHDRAWN),
            ),
        ]

    @property
    def is_visible(self):
        """The rule of `states.VISIBLE` for this instance."""
        return (
            self.author_state == AuthorState.PUBLISHED
            and self.team_state == TeamState.NONE
            and self.photos_ready
            and self.hidden_by == 0
        )

    @property
    def is_draft(self):
        """Not published yet, whether it waits for its author or for its time."""
        return self.author_state in (AuthorState.DRAFT, AuthorState.SCHEDULED)

    @property
    def is_scheduled(self):
        return self.author_state == AuthorState.SCHEDULED

    @property
    def licence_url(self):
        """The address of its licence's text; empty where all rights are reserved."""
        return Licence(self.licence).url

    @property
    def is_sensitive(self):
        """Blurred until asked for: marked so by its author or by the team."""
        return self.sensitive or self.team_sensitive

    @property
    def has_public_files(self):
        """Whether its files may lie on the media host: visible, and for more people than its author's followers."""
        return self.is_visible and self.effective_visibility != Visibility.FOLLOWERS

    @property
    def is_gone(self):
        """Answered with 410: deleted by its author, or taken down or erased by the team."""
        return (
            self.author_state == AuthorState.WITHDRAWN
            or self.team_state in (TeamState.TAKEN_DOWN, TeamState.ERASED)
            or bool(self.hidden_by & HiddenBy.AUTHOR_LEFT)
        )

    def derive(self):
        self.follow(live=self.is_visible)
        if self.is_visible and self.published_at is None:
            self.published_at = timezone.now()

    def save(self, *args, **kwargs):
        before = self.published_at
        self.derive()
        if kwargs.get("update_fields") and self.published_at != before:
            kwargs["update_fields"] = {*kwargs["update_fields"], "published_at"}
        adding = self._state.adding
        super().save(*args, **kwargs)
        if not adding:
            PostHashtag.note_publication(self)

    def address(self):
        return reverse("post", args=[self.author.username, self.gallery.gallery_slug, self.short_id])

    @property
    def cover(self):
        """Its first photo, from what was prefetched where it was; None where it has none."""
        return next(iter(self.photos_in_order), None)

    @property
    def photos_in_order(self):
        """Its photos as they are shown, by position, from what was prefetched where it was.

        Without those that were taken out, by its author or the team, or that wait to take another's place. Once it can
        be seen, without those that are not ready, which were added later: its author sees these where it is edited.
        """
        shown = (
            photo
            for photo in self.photos.all()
            if photo.is_in_place and photo.team_state == TeamState.NONE and (photo.is_ready or not self.photos_ready)
        )
        return sorted(shown, key=lambda photo: photo.position)


class FormerAddress(models.Model):
    """An address that a post once had; it answers 301 to the present one."""

    # "ana/iceland/7Hq2mXk9Ta": below /members/.
    path = models.CharField(_("path"), max_length=150, unique=True)
    post = models.ForeignKey(PostPage, models.PROTECT, related_name="former_addresses", verbose_name=_("post"))
    left_at = models.DateTimeField(_("left"), auto_now_add=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self):
        return self.path
