"""The addresses in community at which a post can be seen: lists of its author's, and downloads of its photos."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from gallery.addresses import FILE, LISTS, OWN, register

from .former_names import addresses_under_former_names
from .models import PromptPage
from .visibility import galleries_for


@register("members page", LISTS)
def members_page(post):
    yield reverse("members")


@register("member's page", LISTS)
def member_page(post):
    yield post.author.get_absolute_url()


@register("gallery", LISTS)
def gallery(post):
    """Its own, and the shared ones that it stands in, as far as a visitor gets an answer there."""
    yield post.gallery.address()
    for gallery in galleries_for(AnonymousUser()).filter(entries__post=post).select_related("author"):
        yield gallery.address()


@register("prompt", LISTS)
def prompts(post):
    """The pages of the prompts that it is entered in."""
    for prompt in PromptPage.objects.live().filter(entries__post=post):
        yield prompt.address()


@register("download", FILE)
def downloads(post):
    """Of every photo it ever had, whether its author allows downloads now or not."""
    for key in post.photos.values_list("key", flat=True):
        yield reverse("download_photo", args=[post.short_id, key])


@register("former username", OWN)
def former_usernames(post):
    """Its page below the names that its author had."""
    yield from addresses_under_former_names(post)


@register("who likes it", OWN)
def who_likes_it(post):
    yield reverse("likes", args=[post.short_id])


@register("conversation", OWN)
def conversation(post):
    """The comments on it, together and one by one."""
    yield reverse("comments", args=[post.short_id])
    for key in post.comments.values_list("key", flat=True):
        yield reverse("comment", args=[post.short_id, key])


@register("report form", FILE)
def report_forms(post):
    """Where it and its comments are reported: what nobody sees, nobody reports, so they answer 404 as a file does."""
    yield reverse("report_post", args=[post.short_id])
    for key in post.comments.values_list("key", flat=True):
        yield reverse("report_comment", args=[key])


@register("hashtag", LISTS)
def hashtags(post):
    for name in post.hashtags.values_list("hashtag__name", flat=True):
        yield reverse("hashtag", args=[name])


@register("feed", LISTS)
def feeds(post):
    """RSS and Atom of its author, its gallery, its hashtags and the prompts that it was entered in."""
    from .syndication import KINDS

    for kind in KINDS:
        yield reverse("member_feed", args=[post.author.username, kind])
        yield reverse("gallery_feed", args=[post.author.username, post.gallery.gallery_slug, kind])
        for name in post.hashtags.values_list("hashtag__name", flat=True):
            yield reverse("hashtag_feed", args=[name, kind])
        for slug in post.prompt_entries.filter(prompt__live=True).values_list("prompt__slug", flat=True):
            yield reverse("prompt_feed", args=[slug, kind])


@register("oembed", FILE)
def oembed(post):
    """Answers 404 for what is gone, as a file does: what shows it elsewhere is to stop."""
    for path in (post.address(), reverse("permalink", args=[post.short_id])):
        for kind in ("json", "xml"):
            query = urlencode({"url": settings.SITE_URL + path, "format": kind})
            yield f"{reverse('oembed')}?{query}"
