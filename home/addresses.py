"""The addresses in home at which a post can be seen."""

from django.urls import reverse

from community.syndication import KINDS
from gallery.addresses import LISTS, register


@register("front page", LISTS)
def front_page(post):
    yield "/"


@register("explore", LISTS)
def explore(post):
    yield reverse("explore")


@register("picks", LISTS)
def picks(post):
    if post.picks.exists():
        yield reverse("picks")


@register("feed of picks", LISTS)
def picks_feed(post):
    if post.picks.exists():
        for kind in KINDS:
            yield reverse("picks_feed", args=[kind])


@register("sitemap", LISTS)
def sitemap(post):
    yield reverse("sitemap_section", args=["posts"])
