"""Whom a member might follow, where their home feed is empty."""

from django.db.models import Exists, OuterRef, Subquery

from .explore import explore_posts
from .lists import with_photos
from .models import ExplorePlace, Follow

PEOPLE = 6
LOOKED_AT = 60  # posts, before the first edition of explore is made


def people_to_follow(viewer):
    """A few members with `newest`, a post of theirs with photos: by explore's rule, those whom `viewer` neither follows nor
    has asked. 3 queries, one more before there is an edition of explore."""
    asked = Follow.objects.filter(follower=viewer.pk, followed=OuterRef("author"))
    posts = explore_posts(viewer).exclude(author=viewer.pk).exclude(Exists(asked))
    edition = ExplorePlace.objects.order_by("-edition").values("edition")[:1]
    found = posts.filter(explore_places__edition=Subquery(edition)).order_by("explore_places__place")[:LOOKED_AT]
    people = {}
    for post in list(found) or posts.order_by("-published_at", "-short_id")[:LOOKED_AT]:
        person = people.setdefault(post.author_id, post.author)
        person.newest = getattr(person, "newest", None) or [post]
        if len(people) == PEOPLE:
            break
    with_photos(*(person.newest for person in people.values()))
    return list(people.values())
