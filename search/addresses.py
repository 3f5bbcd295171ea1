"""Where search can show a post, for the registry of `gallery.addresses`."""

from urllib.parse import urlencode

from django.urls import reverse

from gallery import addresses

from .query import parse

WORDS = 3


@addresses.register("search", addresses.LISTS)
def searches(post):
    """The search page for each of the first words of its caption."""
    words = [word for word in post.caption.split() if parse(word)]
    for word in words[:WORDS]:
        yield f"{reverse('search')}?{urlencode({'q': word})}"


@addresses.register("search for members", addresses.LISTS, "member")
def searches_for_member(member):
    yield f"{reverse('search')}?{urlencode({'q': member.username, 'in': 'members'})}"


@addresses.register("search for members", addresses.LISTS, "avatar")
def searches_that_show_the_picture(avatar):
    yield from searches_for_member(avatar.user)


@addresses.register("search for members", addresses.LISTS, "called")
@addresses.register("search for members", addresses.LISTS, "profile")
def searches_that_may_quote(member):
    yield from searches_for_member(member)
