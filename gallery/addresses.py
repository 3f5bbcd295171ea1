"""Every kind of address that can show a post, or another thing that staff put out of reach, declared once.

The takedown test walks this list, and so do receipts. An app that adds an address at which a post can be seen registers it
here, from its own `apps.py` or the module of its views:

    @addresses.register("feed", addresses.LISTS)
    def feeds(post):
        yield reverse("feed")

`of` says what it is the address of where that is no post: a member, a gallery, a comment, words. Whoever knows such things
names them (`community.models.Receipt.Kind`); here they are words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import get_resolver, reverse

from .files import media, vault

# What the address is to the post, which decides what an anonymous person must get once the post is withdrawn.
OWN = "own"  # the post itself: 410, or on the way there 301 or 302 to an address of its own
FILE = "file"  # one of its files: 404 or 403
LISTS = "lists"  # a page that lists it among others, or on which words stand: answers as before, without them
POST = "post"


@dataclass(frozen=True)
class Kind:
    """One kind of address: its name, what it is to the post, and the function that lists a post's addresses of it."""

    name: str
    role: str
    of: Callable[..., Iterable[str]]


@dataclass(frozen=True)
class Address:
    """One address of one post: a path on the site, or an absolute URL on the media host."""

    kind: str
    role: str
    url: str


_kinds = {}


def register(name, role, of=POST):
    """Decorator: declare a kind of address by a function from a post, or what `of` says, to its addresses. Names are unique
    among those of one thing."""

    def decorate(function):
        _kinds.setdefault(of, {})[name] = Kind(name, role, function)
        return function

    return decorate


def kinds(of=POST):
    """All declared kinds of address of a post, or of what `of` says, by name."""
    _patterns = get_resolver().url_patterns  # some are declared where the site's addresses are
    return dict(_kinds.get(of, {}))


def addresses_of(thing, of=POST):
    """Every Address at which `thing`, a post or what `of` says, can be, or ever could be, seen."""
    return [Address(kind.name, kind.role, url) for kind in kinds(of).values() for url in kind.of(thing)]


@register("page", OWN)
def page(post):
    yield post.address()


@register("permanent link", OWN)
def permanent_link(post):
    yield reverse("permalink", args=[post.short_id])


@register("former address", OWN)
def former_addresses(post):
    for path in post.former_addresses.values_list("path", flat=True):
        yield f"{reverse('members')}{path}/"


@register("public rendition", FILE)
def public_renditions(post):
    """Every file it ever had on the media host, of closed publications too."""
    for names in post.publications.values_list("names", flat=True):
        for name in names:
            yield media().url(name)


@register("private rendition", FILE)
def private_renditions(post):
    for photo in post.photos.all():
        for name in photo.picture.renditions.values_list("file", flat=True):
            yield vault().url(name)


@register("original", FILE)
def originals(post):
    """Never answered to anybody; listed so that it is tried."""
    for photo in post.photos.select_related("picture__original"):
        yield vault().url(photo.picture.original.name)
