"""Hashtags as people meet them: what is under one, which are used lately, and which a member follows."""

from collections import Counter, defaultdict

from django.db.models import Exists, F, OuterRef

from gallery.keyset import page_of
from gallery.models import Hashtag, PostHashtag

from .lists import POSTS_A_PAGE
from .models import HashtagFollow
from .visibility import discoverable_for

LOOKED_AT = 300  # how many of the newest posts say what is used lately
MOST_SHOWN = 60
A_PAGE = 100


def find_hashtag(name, viewer):
    """The Hashtag with this folded name, which some published post has or had, and whether `viewer` follows it; or None."""
    used = PostHashtag.objects.filter(hashtag=OuterRef("pk"), published_at__isnull=False)
    found = Hashtag.objects.filter(Exists(used), name=name)
    follows = Exists(HashtagFollow.objects.filter(user=viewer.pk, hashtag=OuterRef("pk")))
    return (found.annotate(followed=follows) if viewer.is_authenticated else found).first()


def posts_of_hashtag(hashtag, viewer, cursor=""):
    """One keyset page of the posts with a hashtag, newest first, as cards. 3 queries."""
    return page_of(tagged(hashtag, viewer).for_cards(), cursor, size=POSTS_A_PAGE, at="tagged_at", key="tagged_id")


def tagged(hashtag, viewer):
    """The posts with a hashtag that `viewer` may discover, with `tagged_at` and `tagged_id` to order them by.

    These are the row's copies of when the post was published and of its short id: one index has them in this order.
    """
    posts = discoverable_for(viewer).filter(hashtags__hashtag=hashtag, hashtags__published_at__isnull=False)
    return posts.annotate(tagged_at=F("hashtags__published_at"), tagged_id=F("hashtags__short_id"))


def used_lately(viewer):
    """The names of hashtags in the newest LOOKED_AT posts that `viewer` may discover: those of most authors first. 2 queries.

    By authors, so that nobody sets the list alone; then by posts, then by name.
    """
    newest = discoverable_for(viewer).filter(Exists(PostHashtag.objects.filter(post=OuterRef("pk"))))
    authors = dict(newest.order_by("-published_at", "-short_id").values_list("pk", "author")[:LOOKED_AT])
    rows = PostHashtag.objects.filter(post__in=list(authors)).values_list("hashtag__name", "post")
    people, posts = defaultdict(set), Counter()
    for name, post in rows:
        people[name].add(authors[post])
        posts[name] += 1
    return sorted(people, key=lambda name: (-len(people[name]), -posts[name], name))[:MOST_SHOWN]


def followed_by(member, cursor=""):
    """One keyset page of a member's follows of hashtags, the newest first. One query."""
    follows = HashtagFollow.objects.filter(user=member).select_related("hashtag")
    return page_of(follows, cursor, size=A_PAGE, at="created_at", key="hashtag__name")
