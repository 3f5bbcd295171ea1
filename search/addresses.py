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
