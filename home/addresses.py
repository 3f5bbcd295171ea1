"""The addresses in home at which a post can be seen."""

from django.urls import reverse

from gallery.addresses import LISTS, register


@register("front page", LISTS)
def front_page(post):
    yield "/"


@register("sitemap", LISTS)
def sitemap(post):
    yield reverse("sitemap_section", args=["posts"])
