"""Finding members by the words of their names, and hashtags, by how they begin."""

from django.db.models import Exists, F, OuterRef, Q

from community.visibility import discoverable_for, members_for
from gallery.keyset import Page, decode, encode
from gallery.models import Hashtag, PostHashtag
from gallery.models.fields import begins_with
from gallery.text import HASHTAG, UNDERSCORE, tokens

from .models import NameToken
from .names import words_in
from .query import MAX_QUERY

MOST_WORDS = 5
NEVER_SHOWN = ("password", "email", "standing_reason")


def words(typed):
    """The words of `typed` (any string), folded, each once, at most MOST_WORDS of them: those that say most come first."""
    found = words_in(typed[:MAX_QUERY])
    return sorted(found, key=len, reverse=True)[:MOST_WORDS]


def members(viewer, typed, cursor="", size=30):
    """One page of the members whom `viewer` may see and of whose name each word of `typed` begins one, in any order.

    By the word that is found and then by username; who is called just so comes first. 1 query: a walk along the index
    of words from the cursor, which stops at the end of the page. `typed` without words finds nobody.
    """
    first, *others = words(typed) or [""]
    if not first:
        return Page([], "")
    found = members_for(viewer).filter(begins_with("name_tokens__token", first)).annotate(found=F("name_tokens__token"))
    of_theirs = NameToken.objects.filter(user=OuterRef("pk"))
    # Somebody with two words that begin so stands in the list once, at the first of them.
    found = found.exclude(Exists(of_theirs.filter(token__gte=first, token__lt=OuterRef("found"))))
    for word in others:
        found = found.filter(Exists(of_theirs.filter(begins_with("token", word))))
    found = found.annotate(place=F("name_tokens__username")).order_by("found", "place").defer(*NEVER_SHOWN)
    if place := decode(cursor, (str, str)):
        # By the annotations: a further condition on name_tokens would be one on any other word of theirs.
        found = found.filter(Q(found__gt=place[0]) | Q(found=place[0], place__gt=place[1]), found__gte=place[0])
    items = list(found[: size + 1])
    last = items[size - 1] if len(items) > size else None
    return Page(items[:size], encode(last.found, last.place) if last else "")


def hashtags(viewer, typed, cursor="", size=30):
    """One page of the hashtags that begin as `typed` does and that `viewer` could find a post by, in order of code points.

    A hashtag of which every post is private is not named. 1 query; spaces join as an underscore does.
    """
    prefix = hashtag_of(typed)
    if not prefix:
        return Page([], "")
    posts = discoverable_for(viewer).filter(pk=OuterRef("post"))
    listed = PostHashtag.objects.filter(hashtag=OuterRef("pk"), published_at__isnull=False).filter(Exists(posts))
    found = Hashtag.objects.filter(begins_with("name", prefix)).filter(Exists(listed))
    if place := decode(cursor, (str, str)):
        found = found.filter(name__gt=place[0])
    items = list(found.order_by("name")[: size + 1])
    more = len(items) > size
    items = items[:size]
    return Page(items, encode(items[-1].name, "") if more else "")


def hashtag_of(typed):
    """The name of a hashtag, as its row holds it, that `typed` is or begins; empty for nothing that could be one."""
    joined = "_".join(typed[:MAX_QUERY].replace("#", " ").split())
    whole = (tokens(f"#{joined}") or [""])[-1]
    return whole[1:].replace(UNDERSCORE, "_") if whole.startswith(HASHTAG) else ""
