"""What a post's page shows of its numbers, and of what its viewer did with it."""

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.http import QueryDict
from django.urls import reverse

from ..models import Like, Pin, Save
from ..permissions import may_take_part


def reactions(request, post):
    """Asking part of a post's page: `reactions`, with likes, comments, liked, saved, pinned."""
    viewer = request.user
    columns = {"count_of_likes": F("counts__likes"), "count_of_comments": F("counts__comments")}
    if viewer.is_authenticated:
        columns |= {
            "liked": Exists(Like.objects.filter(post=OuterRef("pk"), user=viewer.pk)),
            "saved": Exists(Save.objects.filter(post=OuterRef("pk"), list__user=viewer.pk)),
            "pinned": Exists(Pin.objects.filter(post=OuterRef("pk"))),
        }

    def show(row):
        return {
            "reactions": {
                "likes": row["count_of_likes"] or 0,
                "comments": row["count_of_comments"] or 0,
                "liked": row.get("liked", False),
                "saved": row.get("saved", False),
                "pinned": row.get("pinned", False),
                "permanent": f"{settings.SITE_URL}{reverse('permalink', args=[post.short_id])}",
            },
            "may_take_part": may_take_part(viewer),
            "origin": origin_of(request),
        }

    return columns, show


def origin_of(request):
    """The list that somebody came from to this post, as it stands in the address ("gallery", "tag:boats"), or ""."""
    return (request.POST.get("in") or request.GET.get("in") or "")[:120].replace("\0", "")


def with_origin(url, request):
    """`url` with the list that somebody came from, where they came from one."""
    query = QueryDict(mutable=True)
    if origin := origin_of(request):
        query["in"] = origin
    return f"{url}?{query.urlencode(safe=':')}" if query else url
