"""The addresses in home at which a post can be seen."""

from django.urls import reverse

from community.syndication import KINDS
from gallery.addresses import LISTS, register

from .models import EditorialPage


@register("front page", LISTS)
def front_page(post):
    yield "/"


@register("editorial page", LISTS)
def editorial_pages(post):
    """Every page of the staff's with a block of members' things: which of them shows the post is asked at each view."""
    for page in EditorialPage.objects.live().public():
        if page.shows_posts:
            yield page.get_url()


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


@register("sitemap", LISTS, "member")
def sitemap_of_members(member):
    yield reverse("sitemap_section", args=["members"])


@register("explore", LISTS, "avatar")
def explore_with_faces(avatar):
    yield reverse("explore")


@register("explore", LISTS, "called")
@register("explore", LISTS, "name")
@register("explore", LISTS, "profile")
def explore_with_words(thing):
    yield reverse("explore")
