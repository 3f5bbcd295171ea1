"""Previous and next on a post's page, through the list that one came from, which travels in the link: `?in=gallery`.

A list is registered by name; what stands behind a colon in the link is its argument (`?in=tag:boats`):

    @register("tag")
    def tagged(viewer, arg, post):
        return In([(posts, order)])      # or None: there is no such list

`posts` starts at `community.visibility`, so that nobody is led to what they may not see.
"""

from dataclasses import dataclass
from functools import cmp_to_key
from urllib.parse import quote

from django.db.models import Case, F, Subquery, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from gallery.keyset import By, behind, comparing, newest, place_of, term, turned
from gallery.models import GalleryEntry, Hashtag, PostHashtag
from gallery.ordering import lists_of
from gallery.states import Visibility

from .explore import explore_posts
from .feeds import nearest_followed
from .hashtags import tagged
from .models import ExplorePlace, PromptEntry, PromptPage, Save, SaveList
from .saving import saved_in
from .views.reactions import origin_of
from .visibility import discoverable_for, featured_for, galleries_for, listed_for, posts_for

WAYS = ("previous", "next")


@dataclass(frozen=True)
class In:
    """The list that somebody came from: (queryset, order) pairs as for `keyset.page_in`, and where in them the post stands.

    `place` is the values of the order's columns or expressions for them, which are
    NULL for a post that is not in the list; without one, the post's own columns.
    """

    lists: list
    place: tuple | None = None


_lists = {}


def register(name):
    """Decorator: a function (viewer, arg, post) to an In or None, for links with `?in=<name>` or `?in=<name>:<arg>`."""

    def decorate(of):
        _lists[name] = of
        return of

    return decorate


@register("gallery")
def in_gallery(viewer, arg, post):
    """A gallery in its own order: the post's own, or with "ana/iceland" another one in which it stands. 1 query for that."""
    gallery, shared = post.gallery, bool(arg)
    if arg not in ("", f"{post.author.username}/{gallery.gallery_slug}"):
        username, _slash, slug = arg.partition("/")
        gallery = galleries_for(viewer).filter(author__username=username, gallery_slug=slug).first()
        if gallery is None:
            return None
    mine = viewer.is_authenticated and viewer.pk == gallery.author_id
    posts = listed_for(viewer) if gallery.visibility == Visibility.PUBLIC and not mine else posts_for(viewer)
    lists = lists_of(gallery, posts, shared=shared)
    if gallery.pk == post.gallery_id:
        return In(lists)
    entry = GalleryEntry.objects.filter(gallery=gallery, post=post.pk)
    columns = {"entry_position": "position", "entry_published_at": "published_at", "short_id": "post__short_id"}
    _entries, order = lists[1]
    return In(lists, place=tuple(only(entry, columns[by.name]) for by in order))


@register("member")
def of_member(viewer, arg, post):
    """Everything of its author's."""
    return In([(listed_for(viewer).filter(author=post.author_id), newest())])


@register("newest")
def of_everyone(viewer, arg, post):
    """What everyone may find, as on the front page."""
    return In([(featured_for(viewer), newest())])


@register("home")
def in_home_feed(viewer, arg, post):
    """The member's own home feed. 1 query on PostgreSQL."""
    return In([(nearest_followed(viewer, post), newest())]) if viewer.is_authenticated else None


@register("explore")
def in_explore(viewer, arg, post):
    """The edition of explore that one reads, or the newest one with the post where that is kept no longer."""
    read = Case(When(edition=int(arg), then=0), default=1) if arg.isdecimal() and len(arg) <= 12 else "-edition"
    places = ExplorePlace.objects.filter(post=post.pk).order_by(read, "-edition")
    posts = explore_posts(viewer).filter(explore_places__edition=only(places, "edition"))
    order = (By("place", int, descending=False),)
    return In([(posts.annotate(place=F("explore_places__place")), order)], place=(only(places, "place"),))


@register("prompt")
def in_prompt(viewer, arg, post):
    """The entries of a prompt, by its slug."""
    prompt = only(PromptPage.objects.live().filter(slug=arg).order_by("pk"), "pk")
    posts = discoverable_for(viewer).filter(prompt_entries__prompt=prompt)
    posts = posts.annotate(entered_at=F("prompt_entries__entered_at"))
    entry = PromptEntry.objects.filter(prompt=prompt, post=post.pk)
    return In([(posts, newest("entered_at"))], place=(only(entry, "entered_at"), post.short_id)) if arg else None


@register("tag")
def under_hashtag(viewer, arg, post):
    """What is under a hashtag, by its folded name."""
    posts = tagged(Hashtag.objects.filter(name=arg).values("pk")[:1], viewer)
    row = PostHashtag.objects.filter(hashtag__name=arg, post=post.pk)
    place = (only(row, "published_at"), only(row, "short_id"))
    return In([(posts, newest("tagged_at", "tagged_id"))], place=place) if arg else None


@register("saved")
def in_saved_list(viewer, arg, post):
    """A list of saved posts, of the viewer's own."""
    if not viewer.is_authenticated:
        return None
    save_list = only(SaveList.objects.filter(user=viewer.pk, key=arg), "pk")
    save = Save.objects.filter(list=save_list, post=post.pk)
    return In([(saved_in(save_list, viewer), newest("saved_at"))], place=(only(save, "created_at"), post.short_id))


def only(rows, column):
    """An expression: this column of the first of `rows`."""
    return Subquery(rows.values(column)[:1])


def neighbours(request, post):
    """Asking part of a post's page: `previous` and `next`, addresses. No query of its own, but 1 for a gallery of
    another member's and, on PostgreSQL, for the home feed."""
    name, _colon, arg = origin_of(request).partition(":")
    origin = _lists[name](request.user, arg, post) if name in _lists and post.published_at else None
    columns = columns_beside(origin, post) if origin else {}
    query = f"?in={quote(origin_of(request), safe=':/')}"

    def show(row):
        found = {way: nearest(origin.lists, row, way) if origin else None for way in WAYS}
        return {way: f"{reverse('members')}{trail}/{query}" if trail else "" for way, trail in found.items()}

    return columns, show


def columns_beside(origin, post):
    """{name: expression} for what `nearest` looks at: of each list the first post in each direction, as its trail
    ("ana/iceland/7Hq2mXk9Ta") and, where there are several lists, where it stands."""
    place = origin.place or place_of(post, origin.lists[0][1])
    trail = Concat("author__username", Value("/"), "gallery__gallery_slug", Value("/"), "short_id")
    wanted = {}
    for number, (posts, order) in enumerate(origin.lists):
        for way in WAYS:
            walked = turned(order) if way == "previous" else order
            rows = behind(posts, walked, place).order_by(*map(term, walked)).annotate(trail=trail)
            for column in ("trail", *(by.name for by in order if len(origin.lists) > 1)):
                wanted[f"{way}_{number}_{column}"] = only(rows, column)
    return wanted


def nearest(lists, row, way):
    """The trail of the post that stands nearest in one direction, of the first of each list; or None."""
    found = [number for number in range(len(lists)) if row[f"{way}_{number}_trail"]]
    if len(found) > 1:
        order = turned(lists[0][1]) if way == "previous" else lists[0][1]
        places = [(tuple(row[f"{way}_{n}_{by.name}"] for by in lists[n][1]), n) for n in found]
        found = [
            number for _place, number in sorted(places, key=cmp_to_key(comparing([by.descending for by in order])))
        ]
    return row[f"{way}_{found[0]}_trail"] if found else None
