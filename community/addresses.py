"""The addresses in community at which a post can be seen: lists of its author's."""

from django.urls import reverse

from gallery.addresses import LISTS, register


@register("members page", LISTS)
def members_page(post):
    yield reverse("members")


@register("member's page", LISTS)
def member_page(post):
    yield post.author.get_absolute_url()


@register("gallery", LISTS)
def gallery(post):
    yield post.gallery.address()
