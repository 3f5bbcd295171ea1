"""Explore: what is liked lately, fair to small accounts. docs/explore.md says the rule in words for everybody.

Worked out in the background every few minutes as an edition: rows of (edition, place, post). A page is read from them by
keyset and starts at `visibility` like every list, so that what was hidden meanwhile is gone at once. Somebody who reads
on stays in the edition that they began with, while it is kept.
"""

import re
import time
from collections import Counter, defaultdict
from datetime import timedelta
from math import log2

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from gallery.keyset import Page

from .lists import POSTS_A_PAGE
from .models import ExplorePlace, Like
from .models.users import Standing
from .visibility import featured_for

EVERY, KEPT = 600, 3600  # seconds: how often an edition is made, and how long it is kept
LIKED_DAYS, PUBLISHED_DAYS = 7, 30
LIKES_LOOKED_AT, NEW_LOOKED_AT = 20_000, 600  # the newest
OF_ONE_AUTHOR = 3  # posts of one author for which the likes of one person count
SMALL = 50  # followers, below which an account is small
SMALL_EVERY = 3  # every third place is a small account's
MOST = 600  # places in an edition
CHUNK = 2_000  # posts asked for at once

VISITOR = AnonymousUser()


# --- Reading ----------------------------------------------------------------------------------------------------------


def explore_posts(viewer):
    """The posts that explore may show to `viewer`, with author and gallery, without photos."""
    return featured_for(viewer).select_related("author", "gallery")


def explore_page(viewer, cursor=""):
    """(one page of explore for `viewer`, its edition), without photos. 2 queries.

    Before the first edition is made: what is newest, and None.
    """
    edition, after = place_of(cursor)
    newest = ExplorePlace.objects.aggregate(newest=Max("edition"))["newest"]
    if newest is None:
        posts = explore_posts(viewer).order_by("-published_at", "-short_id")
        return Page([] if cursor else list(posts[:POSTS_A_PAGE]), ""), None
    # An edition that is kept no longer is read on in the present one.
    if not newest - KEPT <= edition <= newest:
        edition = newest
    posts = explore_posts(viewer).filter(explore_places__edition=edition, explore_places__place__gt=after)
    posts = posts.annotate(place=F("explore_places__place")).order_by("explore_places__place")
    items = list(posts[: POSTS_A_PAGE + 1])
    more, items = len(items) > POSTS_A_PAGE, items[:POSTS_A_PAGE]
    return Page(items, f"{edition}-{items[-1].place}" if more else ""), edition


def place_of(cursor):
    """The (edition, place) of a cursor; (0, 0) for anything that is none."""
    found = re.fullmatch(r"(\d{1,12})-(\d{1,6})", cursor, re.ASCII)
    return (int(found[1]), int(found[2])) if found else (0, 0)


# --- Making an edition ------------------------------------------------------------------------------------------------


def renew_explore():
    """Make a new edition where the last is EVERY seconds old, and drop what is kept no longer; returns how many places."""
    edition = int(time.time())
    newest = ExplorePlace.objects.aggregate(newest=Max("edition"))["newest"]
    if newest is not None and edition - newest < EVERY:
        return 0
    places = arrange(candidates())
    with transaction.atomic():
        ExplorePlace.objects.bulk_create(
            ExplorePlace(edition=edition, place=place, post_id=pk) for place, pk in enumerate(places, 1)
        )
        ExplorePlace.objects.filter(edition__lt=edition - KEPT).delete()
    return len(places)


def candidates():
    """[(primary key, author, whether the author's account is small)], the best first: what was liked lately by score,
    then what is new."""
    scored = scores(likes_by_post())
    rows = {}
    for keys in chunks(list(scored)):
        rows |= rows_of(keys)
    liked = sorted(rows, key=lambda pk: (-scored[pk] / damping(rows[pk][1]), -rows[pk][2].timestamp(), pk))
    new = rows_of(newest=NEW_LOOKED_AT)
    order = liked + [pk for pk in new if pk not in rows]
    rows |= new
    return [(pk, rows[pk][0], rows[pk][1] < SMALL) for pk in order]


def damping(followers):
    """By what the likes of an author with so many followers are divided: 1 for none, 6 for 50, 10 for 1,000."""
    return log2(2 + followers)


def likes_by_post():
    """[(post, author, who likes it, age in days)] of the newest likes of people in good standing, not of the author's."""
    now = timezone.now()
    likes = Like.objects.filter(created_at__gte=now - timedelta(days=LIKED_DAYS), user__standing=Standing.ACTIVE)
    likes = likes.order_by("-created_at").values_list("post", "post__author", "user", "created_at")[:LIKES_LOOKED_AT]
    return [(post, author, user, (now - at).days) for post, author, user, at in likes if author != user]


def scores(likes):
    """{post: score}: each like weighs from 1 on its first day to 1/7 on its seventh; of what one person likes of one
    author, the latest OF_ONE_AUTHOR count."""
    given, score = Counter(), defaultdict(float)
    for post, author, user, days in likes:
        given[user, author] += 1
        if given[user, author] <= OF_ONE_AUTHOR:
            score[post] += (LIKED_DAYS - days) / LIKED_DAYS
    return score


def rows_of(keys=None, newest=0):
    """{primary key: (author, their followers, published)} of the posts with `keys`, or of the newest, that everybody may
    be shown, newest first."""
    posts = featured_for(VISITOR)
    if keys is not None:
        posts = posts.filter(pk__in=keys, published_at__gte=timezone.now() - timedelta(days=PUBLISHED_DAYS))
    posts = posts.order_by("-published_at", "-short_id").values_list(
        "pk", "author", "author__counts__followers", "published_at"
    )
    return {pk: (author, followers or 0, at) for pk, author, followers, at in (posts[:newest] if newest else posts)}


def chunks(keys):
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def arrange(candidates):
    """The primary keys in their places: on each page an author stands once, and every third place is a small account's
    as long as there is one."""
    waiting, places = list(candidates), []
    while waiting and len(places) < MOST:
        page = {}  # primary key by author
        for place in range(1, POSTS_A_PAGE + 1):
            chosen = (place % SMALL_EVERY == 0 and first_of(waiting, page, small_only=True)) or first_of(waiting, page)
            if chosen is None:
                break
            pk, author, _small = chosen
            page[author] = pk
        taken = set(page.values())
        waiting = [one for one in waiting if one[0] not in taken]
        places += page.values()
    return places[:MOST]


def first_of(waiting, page, *, small_only=False):
    """The first that waits and whose author is not on the page yet, or None."""
    return next((one for one in waiting if one[1] not in page and (one[2] or not small_only)), None)
