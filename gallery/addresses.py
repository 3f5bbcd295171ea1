"""Every kind of address that can show a post, declared once.

The takedown test walks this list, and so will a takedown's receipt. An app that adds an address at which a post can be
seen registers it here, from its own `apps.py` or the module of its views:

    @addresses.register("feed", addresses.LISTS)
    def feeds(post):
        yield reverse("feed")
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import get_resolver, reverse

from .files import media, vault

# What the address is to the post, which decides what an anonymous person must get once the post is withdrawn.
OWN = "own"  # the post itself: 410, or on the way there 301 or 302 to an address of its own
FILE = "file"  # one of its files: 404 or 403
LISTS = "lists"  # a page that lists it among others: answers as before, without the post


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


def register(name, role):
    """Decorator: declare a kind of address by a function from a post to its addresses. Names are unique."""

    def decorate(of):
        _kinds[name] = Kind(name, role, of)
        return of

    return decorate


def kinds():
    """All declared kinds, by name."""
    _patterns = get_resolver().url_patterns  # some are declared where the site's addresses are
    return dict(_kinds)


def addresses_of(post):
    """Every Address at which `post` can be, or ever could be, seen."""
    return [Address(kind.name, kind.role, url) for kind in kinds().values() for url in kind.of(post)]


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
