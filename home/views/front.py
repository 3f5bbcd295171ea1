"""The front page: the staff's picks, what they composed, and what is newest."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from community.lists import newest_posts, with_photos
from community.visibility import featured_for

from ..blocks import PROSE
from ..composing import shown_in
from ..models import HomePage, Pick

PICKS_SHOWN = 12


def front_page(request, page=None):
    """Answer for `page`, the HomePage; for htmx, the part that "Show more" adds to what is newest.

    Addressed directly, because Wagtail would spend 5 queries on finding a page that there is one of, and on
    restrictions that it cannot have. Wagtail's own serving (previews, "view live") comes here too.
    """
    page = page or get_object_or_404(HomePage.objects.live())
    cursor = request.GET.get("after", "")
    newest = newest_posts(request.user, cursor)
    context = {
        "page": page,
        "posts": newest.items,
        "next_url": f"/?after={newest.next}" if newest.next else "",
        "first_page": not cursor,
        "within": "newest",
        "canonical": f"{settings.SITE_URL}/",
    }
    first = not cursor and not request.htmx
    picks = current_picks(request.user) if first else []
    shown = shown_in(page.body if first else (), request.user, photos=False)
    with_photos(newest.items, picks, shown.all_posts())
    context |= {"picks": picks, "shown": shown, "body": page.body if first else ()}
    context["prose"] = PROSE
    context["picks_first"] = not any(child.block_type == "picks" for child in context["body"])
    template = "gallery/partials/post_grid_more.html" if request.htmx else "home/front_page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def current_picks(viewer):
    """The picks of now, in the curators' order, that `viewer` may see and that are listed, without photos. 2 queries.

    Returns a list of posts, each with `curator_name`; a post picked twice stands where it comes first.
    """
    order = {}
    for key, curator in Pick.objects.current().values_list("post_id", "curator__name")[: PICKS_SHOWN * 2]:
        order.setdefault(key, curator)
    if not order:
        return []
    found = featured_for(viewer).filter(pk__in=order).select_related("author", "gallery")
    posts = sorted(found, key=lambda post: list(order).index(post.pk))[:PICKS_SHOWN]
    for post in posts:
        post.curator_name = order[post.pk]
    return posts
