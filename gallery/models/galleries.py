"""Galleries."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from ..states import AuthorState, HiddenBy, TeamState, Visibility
from .tree import MembersTreePage


class GalleryOrder(models.TextChoices):
    """How the posts of a gallery are ordered."""

    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")
    BY_HAND = "hand", _("By hand")


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
    # The name that the team took down, with the reason, when and by whom; empty while there is none. The title is then a
    # plain "Gallery", until its author gives it another or the team restores it.
    name_taken_down = models.JSONField(_("name taken down"), default=dict, db_default={}, blank=True)
    visibility = models.CharField(_("visibility"), max_length=9, choices=Visibility.choices, default=Visibility.PUBLIC)
    position = models.PositiveIntegerField(_("position"), default=0)
    # The order of the posts in it.
    order = models.CharField(_("order"), max_length=6, choices=GalleryOrder.choices, default=GalleryOrder.NEWEST)
    cover_choice = models.ForeignKey(
        "gallery.PostPage", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cover")
    )
    # Where another gallery has taken over what was shared in this one: its old address leads there.
    moved_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    STATES = frozenset(
        {
            "author",
            "gallery_slug",
            "author_state",
            "team_state",
            "team_reason",
            "name_taken_down",
            "visibility",
            "cover_choice",
            "moved_to",
        }
    )

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
