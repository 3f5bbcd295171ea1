"""Where what is no post can be seen: members, their galleries, comments, profile pictures, and the words of these."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from gallery.addresses import FILE, LISTS, OWN, register
from gallery.files import media, vault
from gallery.models import GalleryPage, PostPage

from .former_names import former_names
from .models import Receipt
from .syndication import KINDS

Kind = Receipt.Kind
# Of the posts that name their gallery, the newest are asked: all of them are made by the same template.
POSTS_ASKED = 20


def feeds_of_member(member):
    return [reverse("member_feed", args=[member.username, kind]) for kind in KINDS]


def feeds_of_gallery(gallery):
    return [reverse("gallery_feed", args=[gallery.author.username, gallery.gallery_slug, kind]) for kind in KINDS]


def lists_of_members():
    return [reverse("members"), reverse("api:members")]


def oembed_of(path):
    return f"{reverse('oembed')}?{urlencode({'url': settings.SITE_URL + path, 'format': 'json'})}"


# --- A member, who is suspended -----------------------------------------------------------------------------------------


@register("member's page", OWN, Kind.MEMBER)
def page_of_member(member):
    yield member.get_absolute_url()


@register("page below a former username", OWN, Kind.MEMBER)
def former_pages(member):
    for name in former_names(member):
        yield reverse("member", args=[name])


@register("followers and followed", OWN, Kind.MEMBER)
def people_of_member(member):
    yield reverse("followers", args=[member.username])
    yield reverse("following", args=[member.username])


@register("gallery", OWN, Kind.MEMBER)
def galleries_of_member(member):
    for gallery in GalleryPage.objects.filter(author=member).select_related("author"):
        yield gallery.address()


@register("feed", FILE, Kind.MEMBER)
def feeds(member):
    yield from feeds_of_member(member)
    for gallery in GalleryPage.objects.filter(author=member).select_related("author"):
        yield from feeds_of_gallery(gallery)


@register("API", FILE, Kind.MEMBER)
def api_of_member(member):
    for name in ("api:member", "api:member_posts", "api:member_galleries"):
        yield reverse(name, args=[member.username])


@register("report form", FILE, Kind.MEMBER)
def report_of_member(member):
    yield reverse("report_member", args=[member.username])


@register("profile picture", FILE, Kind.MEMBER)
def pictures_of_member(member):
    for avatar in member.avatars.all():
        yield from files_of_avatar(avatar)


@register("list of members", LISTS, Kind.MEMBER)
def lists(member):
    yield from lists_of_members()


# --- A gallery ------------------------------------------------------------------------------------------------------------


@register("gallery", OWN, Kind.GALLERY)
def page_of_gallery(gallery):
    yield gallery.address()
    for name in former_names(gallery.author):
        yield reverse("gallery", args=[name, gallery.gallery_slug])


@register("feed", FILE, Kind.GALLERY)
def own_feeds(gallery):
    yield from feeds_of_gallery(gallery)


@register("API", FILE, Kind.GALLERY)
def api_of_gallery(gallery):
    for name in ("api:gallery", "api:gallery_posts"):
        yield reverse(name, args=[gallery.author.username, gallery.gallery_slug])


@register("member's page", LISTS, Kind.GALLERY)
def its_members_page(gallery):
    yield gallery.author.get_absolute_url()
    yield reverse("api:member_galleries", args=[gallery.author.username])


# --- Words: the name of a gallery, what a member says of themselves, a comment ----------------------------------------------


@register("gallery", LISTS, Kind.NAME)
def page_with_name(gallery):
    yield gallery.address()


@register("where a gallery is named", LISTS, Kind.NAME)
def where_it_is_named(gallery):
    """Its feeds, its member's page, the API, and the pages of its newest posts, which name it."""
    yield from feeds_of_gallery(gallery)
    yield from api_of_gallery(gallery)
    yield from its_members_page(gallery)
    for post in PostPage.objects.filter(gallery=gallery).visible().order_by("-published_at")[:POSTS_ASKED]:
        post.gallery, post.author = gallery, gallery.author
        yield from (post.address(), reverse("api:post", args=[post.short_id]), oembed_of(post.address()))


@register("member's page", LISTS, Kind.PROFILE)
def page_with_words(member):
    yield member.get_absolute_url()


@register("where a member is shown", LISTS, Kind.PROFILE)
def where_they_are_shown(member):
    yield from lists_of_members()
    yield from feeds_of_member(member)
    yield reverse("api:member", args=[member.username])
    yield reverse("followers", args=[member.username])


@register("where a member is named", LISTS, Kind.CALLED)
def where_they_are_named(member):
    """Their page and all that names them, and the pages of their newest posts."""
    yield from page_with_words(member)
    yield from where_they_are_shown(member)
    for gallery in GalleryPage.objects.filter(author=member).open().select_related("author"):
        yield gallery.address()
        yield from feeds_of_gallery(gallery)
    for post in PostPage.objects.of(member).visible().select_related("gallery").order_by("-published_at")[:POSTS_ASKED]:
        post.author = member
        yield from (post.address(), reverse("api:post", args=[post.short_id]), oembed_of(post.address()))


@register("comment", LISTS, Kind.COMMENT)
def page_of_comment(comment):
    yield reverse("comment", args=[comment.post.short_id, comment.key])


@register("where it stands", LISTS, Kind.COMMENT)
def where_it_stands(comment):
    """The page of its post and the conversation there, and the feeds in which that post is."""
    post = comment.post
    yield from (post.address(), reverse("comments", args=[post.short_id]), reverse("api:post", args=[post.short_id]))
    yield from feeds_of_member(post.author)
    yield from feeds_of_gallery(post.gallery)


@register("report form", FILE, Kind.COMMENT)
def report_of_comment(comment):
    yield reverse("report_comment", args=[comment.key])


# --- A profile picture --------------------------------------------------------------------------------------------------


def files_of_avatar(avatar):
    """Every file that it ever had on the media host."""
    for names in avatar.picture.publications.values_list("names", flat=True):
        for name in names:
            yield media().url(name)


@register("public rendition", FILE, Kind.AVATAR)
def public_files(avatar):
    for cut in cuts_of(avatar):
        yield from files_of_avatar(cut)


@register("private rendition", FILE, Kind.AVATAR)
def private_files(avatar):
    for cut in cuts_of(avatar):
        for name in cut.picture.renditions.values_list("file", flat=True):
            yield vault().url(name)


@register("original", FILE, Kind.AVATAR)
def original_of_avatar(avatar):
    yield vault().url(avatar.picture.original.name)


@register("where it is shown", LISTS, Kind.AVATAR)
def where_it_is_shown(avatar):
    yield avatar.user.get_absolute_url()
    yield reverse("api:member", args=[avatar.user.username])
    yield from lists_of_members()
    yield reverse("followers", args=[avatar.user.username])


def cuts_of(avatar):
    """All cuts of the same original by the same member: they go together."""
    same = avatar.user.avatars.filter(picture__original=avatar.picture.original_id)
    return same.select_related("picture")
