"""The page tree of members: members page → member's page → gallery → post.

Members' pages live in Wagtail's tree for its log, its permissions and its addresses; they have no edit form, no
revisions, no schedule, no copy and no alias. What a feed filters or sorts by stands on the post's own table, which
partial indexes serve; Wagtail's `live` is derived from it. Actions change them; nothing else does.
"""

import logging

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import ProtectedError
from django.http import Http404
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from ..ids import new_short_id
from ..states import LISTED, VISIBLE, AuthorState, HiddenBy, TeamState, Visibility
from .photos import Photo
from .tester import MembersPagePermissionTester, MembersRootPermissionTester

logger = logging.getLogger(__name__)

# Treebeard's own columns. An instance may hold them stale (somebody published into the gallery meanwhile), and writing
# a stale `numchild` back breaks every later publish there.
TREE_COLUMNS = {"path", "depth", "numchild"}


class NeverDeleted:
    """Pages that are taken down or closed, never deleted; Erase sets `may_be_erased` on the instance."""

    def delete(self, *args, **kwargs):
        """Refused before anything is touched: treebeard changes the parent's count of children first of all."""
        if not getattr(self, "may_be_erased", False):
            raise ProtectedError(_("Members' pages are never deleted: take them down instead."), {self})
        return super().delete(*args, **kwargs)


class NeverCopied:
    """Pages of which there is one: a copy or an alias would stay live, on the same pictures, after they are gone."""

    def copy_all_child_relations(self, *args, **kwargs):
        """Refused where each of Wagtail's ways to copy (copy, alias, translation) passes before it saves anything.

        Their permission checks are no guard: code can skip them.
        """
        raise PermissionDenied(_("Members' pages are neither copied nor aliased."))


class MembersTreePage(NeverCopied, NeverDeleted, Page):
    """What member's pages, galleries and posts share. Abstract."""

    # Kept out of Wagtail's search index (each save would aggregate over the whole index table) and of its reference
    # index (each save would queue tasks). The console has a search of its own.
    search_fields = []
    wagtail_reference_index_ignore = True
    private_page_options = []
    is_creatable = False
    # A page that is never a site's root: Wagtail would ask the database at every save.
    _is_site_root = False

    # Columns that decide who can reach it. Written only by who holds the lock and says so.
    STATES = frozenset()

    class Meta:
        abstract = True

    def save(self, clean=False, user=None, log_action=None, *, states=False, **kwargs):
        """Save without Wagtail's validation (the actions have validated) and never the tree's columns of a known row.

        Nor its STATES, unless `states` or `update_fields` say so: Wagtail's actions save whole instances, which may have
        been read before somebody withdrew the page.
        """
        self.derive()
        if not self._state.adding:
            fields = kwargs.get("update_fields")
            if fields:
                fields = {*fields, "live"}
            else:
                fields = self.all_columns() - (set() if states else {*self.STATES, "live"})
            kwargs["update_fields"] = fields - TREE_COLUMNS
        super().save(clean=clean, user=user, log_action=log_action, **kwargs)

    def with_content_json(self, content):
        """A revision never brings back states, visibility, dates or addresses: those belong to the page as it is."""
        page = super().with_content_json(content)
        for name in self.STATES:
            attribute = self._meta.get_field(name).attname
            setattr(page, attribute, getattr(self, attribute))
        return page

    @classmethod
    def all_columns(cls):
        return {field.name for field in cls._meta.concrete_fields if not field.primary_key}

    def derive(self):
        """Set what follows from the states. Logs what it corrects; never raises: Wagtail's scheduler has no net."""

    def follow(self, *, live):
        if not self._state.adding and self.live != live:
            logger.info("live of page %s follows its states: %s", self.pk, live)
        self.live = live

    def permissions_for_user(self, user):
        return MembersPagePermissionTester(user, self)

    # Wagtail's serving leads to the views of ours, by name: gallery never imports them.
    def serve(self, request, *args, **kwargs):
        view, view_args, view_kwargs = resolve(self.address())
        return view(request, *view_args, **view_kwargs)

    def serve_preview(self, request, mode_name):
        return self.serve(request)

    def route(self, request, path_components):
        # Members' addresses are answered by views before Wagtail's; whatever still walks the tree finds nothing.
        raise Http404

    def address(self):
        """The path of its page on the site, starting with a slash."""
        raise NotImplementedError

    def get_absolute_url(self):
        return self.address()

    def get_url_parts(self, request=None):
        # No look at the tree: the address is known.
        return (None, settings.SITE_URL, self.address())

    @property
    def preview_modes(self):
        return []


class MembersPage(NeverCopied, NeverDeleted, Page):
    """The one page, /members/, below which all members stand."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["gallery.MemberPage"]
    max_count = 1
    is_creatable = False
    search_fields = []
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("members page")

    def permissions_for_user(self, user):
        return MembersRootPermissionTester(user, self)

    def serve(self, request, *args, **kwargs):
        view, view_args, view_kwargs = resolve(reverse("members"))
        return view(request, *view_args, **view_kwargs)

    def route(self, request, path_components):
        if path_components:
            raise Http404
        return super().route(request, path_components)


class MemberPage(MembersTreePage):
    """A member's page: /members/ana/. Made with the account, in the same transaction."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="member_page", verbose_name=_("member")
    )
    STATES = frozenset({"user"})

    parent_page_types = ["gallery.MembersPage"]
    subpage_types = ["gallery.GalleryPage"]

    class Meta:
        verbose_name = _("member's page")
        verbose_name_plural = _("members' pages")

    def derive(self):
        self.follow(live=self.user.is_member_visible)

    def address(self):
        return reverse("member", args=[self.slug])


class GalleryQuerySet(PageQuerySet):
    """Galleries in the product's words."""

    def open(self):
        """Galleries that exist for their author: neither deleted nor taken down."""
        return self.filter(author_state=AuthorState.PUBLISHED, team_state=TeamState.NONE)


class GalleryPage(MembersTreePage):
    """A gallery: /members/ana/iceland/. A deleted one is a withdrawn page that keeps its slug."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="galleries", verbose_name=_("author")
    )
    # The tree's slug once more, on our own table: unique in the database (Wagtail's is not) and found in one query.
    # Renaming a gallery leaves it alone, so that addresses keep working.
    gallery_slug = models.CharField(_("address"), max_length=80)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    author_state = models.CharField(
        _("author's state"), max_length=9, choices=AuthorState.choices, default=AuthorState.PUBLISHED
    )
    team_state = models.CharField(_("team's state"), max_length=12, choices=TeamState.choices, default=TeamState.NONE)
    team_reason = models.TextField(_("the team's reason"), blank=True)
    visibility = models.CharField(_("visibility"), max_length=9, choices=Visibility.choices, default=Visibility.PUBLIC)
    position = models.PositiveIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    STATES = frozenset({"author", "gallery_slug", "author_state", "team_state", "team_reason", "visibility"})

    objects = PageManager.from_queryset(GalleryQuerySet)()

    parent_page_types = ["gallery.MemberPage"]
    subpage_types = ["gallery.PostPage"]

    class Meta:
        verbose_name = _("gallery")
        verbose_name_plural = _("galleries")
        constraints = [
            models.UniqueConstraint(fields=["author", "gallery_slug"], name="one_gallery_per_address"),
        ]

    @property
    def is_open(self):
        return self.author_state == AuthorState.PUBLISHED and self.team_state == TeamState.NONE

    @property
    def hides(self):
        """The flag that its posts carry while it is closed; 0 while it is open. The team's goes before the author's."""
        flags = 0
        if self.author_state == AuthorState.WITHDRAWN:
            flags |= HiddenBy.GALLERY_WITHDRAWN
        if self.team_state != TeamState.NONE:
            flags |= HiddenBy.GALLERY_TAKEN_DOWN
        return int(flags)

    def derive(self):
        self.follow(live=self.is_open and self.author.is_member_visible)

    def address(self):
        return reverse("gallery", args=[self.author.username, self.gallery_slug])


class PostQuerySet(PageQuerySet):
    """Posts in the product's words. No view spells out a state."""

    def visible(self):
        """What the post's own row lets be seen. Start from `community.visibility.posts_for` where a person looks."""
        return self.filter(VISIBLE)

    def listed(self):
        """Visible and public: what lists, feeds, search and the sitemap may show."""
        return self.filter(LISTED)

    def hidden(self):
        """What the post's own row keeps from others, for whatever reason."""
        return self.exclude(VISIBLE)

    def of(self, user):
        """What this member made, in any state."""
        return self.filter(author=user)

    def for_cards(self):
        """With what a card in a list shows: author, gallery, photos and their renditions, in 3 queries for any number."""
        return self.select_related("author", "gallery").prefetch_related(*card_photos())


def card_photos():
    """What to prefetch for posts that are shown as cards: their photos in order, pictures, renditions. 2 queries."""
    photos = Photo.objects.select_related("picture").order_by("post", "position")
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
            models.Index(fields=["author", "-published_at", "-short_id"], name="posts_of_author", condition=VISIBLE),
            models.Index(fields=["gallery", "-published_at", "-short_id"], name="posts_of_gallery", condition=VISIBLE),
            models.Index(fields=["author", "-created_at"], name="everything_of_author"),
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
        super().save(*args, **kwargs)

    def address(self):
        return reverse("post", args=[self.author.username, self.gallery.gallery_slug, self.short_id])

    @property
    def cover(self):
        """Its first photo, from what was prefetched where it was; None for a post that lost all of them."""
        return next(iter(sorted(self.photos.all(), key=lambda photo: photo.position)), None)


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
