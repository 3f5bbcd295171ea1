"""Explore, and the archive of the staff's picks."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.explore import explore_page, explore_posts
from community.lists import with_photos
from community.syndication import ITEMS, VISITOR, PostsFeed
from community.views.members import answer_list
from gallery import keyset

from ..models import Pick
from .front import current_picks

PICKS_A_PAGE = 30


def explore(request):
    """/explore/: the staff's picks of now, then what is liked lately (docs/explore.md)."""
    cursor = request.GET.get("after", "")
    page, edition = explore_page(request.user, cursor)
    chosen = [] if cursor or request.htmx else current_picks(request.user)
    with_photos(page.items, chosen)
    return answer_list(
        request,
        page,
        reverse("explore"),
        "home/explore.html",
        "gallery/partials/post_grid_more.html",
        picks=chosen,
        within=f"explore:{edition}" if edition else "newest",
    )


def picks(request):
    """/picks/: everything that staff ever picked and that is still to be seen, what was picked last first."""
    page = picked_posts(request.user, request.GET.get("after", ""))
    with_photos(page.items)
    return answer_list(request, page, reverse("picks"), "home/picks.html", "gallery/partials/post_grid_more.html")


def picked_posts(viewer, cursor="", size=None):
    """One keyset page of posts that were picked, each once, by its last pick; `picked_at` says when. Without photos, 2
    queries. Only who may be featured."""
    size = size or PICKS_A_PAGE
    begun = Pick.objects.filter(shown_from__lte=timezone.now())
    later = begun.filter(post=OuterRef("post")).filter(
        Q(shown_from__gt=OuterRef("shown_from")) | Q(shown_from=OuterRef("shown_from"), pk__gt=OuterRef("pk"))
    )
    found = begun.filter(post__in=explore_posts(viewer).order_by().values("pk")).exclude(Exists(later))
    place = keyset.decode(cursor) if cursor else None
    if place and place[1].isdecimal() and len(place[1]) < 12:
        found = found.filter(
            Q(shown_from__lt=place[0]) | Q(shown_from=place[0], pk__lt=int(place[1])), shown_from__lte=place[0]
        )
    found = list(found.order_by("-shown_from", "-pk").values_list("post", "shown_from", "pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    by_pk = explore_posts(viewer).in_bulk([post for post, _at, _pk in found])
    items = [by_pk[post] for post, _at, _pk in found if post in by_pk]
    for post, at, _pk in found:
        if post in by_pk:
            by_pk[post].picked_at = at
    return keyset.Page(items, keyset.encode(found[-1][1], str(found[-1][2])) if more else "")


class PicksFeed(PostsFeed):
    """/feeds/picks/<rss or atom>/"""

    def posts(self, found):
        return picked_posts(VISITOR, size=ITEMS).items

    def title(self, found):
        return _("Staff picks") + " · PixlPix"

    def link(self, found):
        return reverse("picks")

    def address(self, found, kind):
        return reverse("picks_feed", args=[kind])
