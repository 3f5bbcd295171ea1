"""Where the API shows a post, for the registry of `gallery.addresses`."""

from urllib.parse import urlencode

from django.urls import reverse

from gallery.addresses import LISTS, OWN, register
from gallery.hashtags import hashtags_in
from search.query import parse

WORDS = 3


@register("API's post", OWN)
def post(post):
    yield reverse("api:post", args=[post.short_id])


@register("API's lists", LISTS)
def lists(post):
    yield reverse("api:posts")
    yield reverse("api:member_posts", args=[post.author.username])
    yield reverse("api:member_galleries", args=[post.author.username])
    if post.gallery.is_open:
        yield reverse("api:gallery_posts", args=[post.author.username, post.gallery.gallery_slug])
    for name in hashtags_in(post.caption):
        yield reverse("api:tag_posts", args=[name])
    for word in [word for word in post.caption.split() if parse(word)][:WORDS]:
        yield f"{reverse('api:search')}?{urlencode({'q': word})}"
    for slug in post.prompt_entries.values_list("prompt__slug", flat=True):
        yield reverse("api:prompt_posts", args=[slug])
