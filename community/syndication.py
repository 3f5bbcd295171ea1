"""RSS and Atom: what visitors may see of a member, a gallery, a hashtag or a prompt, for feed readers.

The same for everybody who asks, signed in or not, so that an address that somebody passes on shows no more than that.
Nothing is kept on the server and nothing in between (`private`): what was narrowed or taken down is out at once. Readers
are told to come back after 5 minutes and may ask by ETag. There is no Last-Modified: a post that is withdrawn or edited
changes a feed without making anything in it newer.
"""

import hashlib
import re
from datetime import UTC, datetime

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from gallery import cards
from gallery.licences import Licence
from gallery.models import GalleryEntry, PostHashtag
from gallery.states import Visibility

from .hashtags import find_hashtag
from .lists import with_photos
from .models import PromptEntry, PromptPage
from .site import absolute
from .templatetags.people import display_name
from .views.guards import without_nul
from .views.members import find_gallery, find_member
from .visibility import discoverable_for, listed_for

VISITOR = AnonymousUser()
ITEMS = 30
FRESH = 300  # seconds until a reader should come back
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # "updated" of a feed in which nothing stands
MEDIA = "http://search.yahoo.com/mrss/"  # the name of a vocabulary; nobody asks there
# What XML 1.0 cannot hold.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_safe(text):
    """`text` without characters that XML cannot hold."""
    return NOT_XML.sub("", str(text))


class Steady:
    """A feed whose words depend on its items alone, so that the same feed has the same ETag."""

    def latest_post_date(self):
        return max((item["pubdate"] for item in self.items), default=BEGINNING)


class Rss(Steady, Rss201rev2Feed):
    """RSS 2.0 with the picture of each item (Media RSS), its licence (RFC 4946's link) and its rights.

    Not as an enclosure, which must say how many bytes it has: that would take a question to the store.
    """

    def rss_attributes(self):
        return {**super().rss_attributes(), "xmlns:dcterms": "http://purl.org/dc/terms/", "xmlns:media": MEDIA}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("dcterms:rights", item["item_copyright"])
        if item["picture"]:
            handler.addQuickElement("media:content", None, {"medium": "image", **item["picture"]})
        if item["licence_url"]:
            handler.addQuickElement("atom:link", None, {"rel": "license", "href": item["licence_url"]})


class Atom(Steady, Atom1Feed):
    """Atom 1.0 with the picture of each item, as an enclosure, which need not say its length, and the licence (RFC 4946)."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if picture := item["picture"]:
            enclosure = {"rel": "enclosure", "href": picture["url"], "type": picture["type"]}
            handler.addQuickElement("link", "", enclosure)
        if item["licence_url"]:
            handler.addQuickElement("link", "", {"rel": "license", "href": item["licence_url"]})


KINDS = {"rss": Rss, "atom": Atom}


class PostsFeed(Feed):
    """Posts, newest first. What is shown of one is a subclass's: `find`, `posts`, `title` and `link`."""

    name = ""  # of its address

    def __call__(self, request, kind, **parts):
        if kind not in KINDS:
            raise Http404
        response = _Bound(self, KINDS[kind])(request, kind=kind, **parts)
        response["Cache-Control"] = f"private, max-age={FRESH}"
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag, None, response)

    def find(self, **parts):
        """What the feed is of; raises Http404 where visitors may not see it."""

    def posts(self, found):
        """The newest ITEMS posts that visitors may see there, with author and gallery, without photos."""
        raise NotImplementedError

    def address(self, found, kind):
        """The feed's own path."""
        raise NotImplementedError


class _Bound(Feed):
    """One answer of a PostsFeed in one kind of XML, in the words of Django's feeds."""

    def __init__(self, feed, feed_type):
        self.feed, self.feed_type = feed, feed_type

    def get_object(self, request, kind, **parts):
        self.kind = kind
        return self.feed.find(**parts)

    def title(self, found):
        return self.plain(self.feed.title(found))

    def plain(self, text):
        """Text for a title. Readers of RSS take one for HTML; Atom says that it is text."""
        return xml_safe(escape(text) if self.kind == "rss" else text)

    subtitle = description = title

    def link(self, found):
        return absolute(self.feed.link(found))

    def feed_url(self, found):
        return absolute(self.feed.address(found, self.kind))

    def ttl(self):
        return str(FRESH // 60)

    def items(self, found):
        posts = self.feed.posts(found)
        with_photos(posts)
        return posts

    def item_title(self, post):
        return self.plain(post.title)

    def item_link(self, post):
        return absolute(post.address())

    def item_guid(self, post):
        return absolute(reverse("permalink", args=[post.short_id]))

    item_guid_is_permalink = True

    def item_description(self, post):
        """HTML: the picture with its alternative text, the caption, and who made it under which licence."""
        photo = post.cover
        image = photo and cards.preview(photo)
        picture = ""
        if image:
            alt = "" if post.is_sensitive else photo.alt_text
            picture = format_html(
                '<p><a href="{}"><img src="{}" width="{}" height="{}" alt="{}"></a></p>',
                absolute(post.address()), absolute(image.url), image.width, image.height, alt or post.title,
            )  # fmt: skip
        paragraphs = [format_html("<p>{}</p>", line) for line in post.caption.splitlines() if line.strip()]
        credit = format_html("<p>{} · {}</p>", display_name(post.author), Licence(post.licence).label)
        return xml_safe(mark_safe(picture + "".join(paragraphs) + credit))  # noqa: S308 (each part is escaped above)

    def item_author_name(self, post):
        return xml_safe(display_name(post.author))

    def item_author_link(self, post):
        return absolute(post.author.get_absolute_url())

    def item_pubdate(self, post):
        return post.published_at

    item_updateddate = item_pubdate

    def item_copyright(self, post):
        return str(Licence(post.licence).label)

    def item_extra_kwargs(self, post):
        return {"licence_url": Licence(post.licence).url, "picture": picture_of(post)}

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        del response["Last-Modified"]
        return response


def picture_of(post):
    """The address, type and size in pixels of what feeds show of a post, in the words of Media RSS; None without one."""
    image = post.cover and cards.preview(post.cover)
    if not image:
        return None
    size = {"width": str(image.width), "height": str(image.height)}
    return {"url": absolute(image.url), "type": "image/jpeg", **size}


def newest_of(posts):
    """The newest ITEMS of `posts`."""
    return list(posts.select_related("author", "gallery").order_by("-published_at", "-short_id")[:ITEMS])


class MemberFeed(PostsFeed):
    """/feeds/members/<username>/<rss or atom>/"""

    def find(self, username):
        return find_member(VISITOR, username)

    def posts(self, member):
        return newest_of(listed_for(VISITOR).filter(author=member))

    def title(self, member):
        return f"{display_name(member)} (@{member.username}) · PixlPix"

    def link(self, member):
        return member.get_absolute_url()

    def address(self, member, kind):
        return reverse("member_feed", args=[member.username, kind])


class GalleryFeed(PostsFeed):
    """/feeds/galleries/<username>/<gallery>/<rss or atom>/: of a public gallery, contributors' posts too."""

    def find(self, username, gallery_slug):
        gallery = find_gallery(VISITOR, username, gallery_slug)
        if gallery.visibility != Visibility.PUBLIC:
            raise Http404
        return gallery

    def posts(self, gallery):
        posts = newest_of(listed_for(VISITOR).filter(gallery=gallery))
        if gallery.has_entries:
            # The newest entries: as many as could stand in the feed, and some that cannot be seen.
            entries = GalleryEntry.objects.filter(gallery=gallery).order_by("-published_at", "-pk")
            posts += newest_of(listed_for(VISITOR).filter(pk__in=list(entries.values_list("post", flat=True)[:100])))
        by_pk = {post.pk: post for post in posts}
        return sorted(by_pk.values(), key=lambda post: (post.published_at, post.short_id), reverse=True)[:ITEMS]

    def title(self, gallery):
        return f"{gallery.title} · {display_name(gallery.author)} · PixlPix"

    def link(self, gallery):
        return gallery.address()

    def address(self, gallery, kind):
        return reverse("gallery_feed", args=[gallery.author.username, gallery.gallery_slug, kind])


class HashtagFeed(PostsFeed):
    """/feeds/tags/<tag>/<rss or atom>/"""

    def find(self, tag):
        found = find_hashtag(tag, VISITOR)
        if found is None:
            raise Http404
        return found

    def posts(self, hashtag):
        rows = PostHashtag.objects.filter(hashtag=hashtag, published_at__isnull=False)
        rows = rows.filter(post__in=discoverable_for(VISITOR).order_by().values("pk"))
        keys = list(rows.order_by("-published_at", "-short_id").values_list("post", flat=True)[:ITEMS])
        return newest_of(discoverable_for(VISITOR).filter(pk__in=keys))

    def title(self, hashtag):
        return f"#{hashtag.name} · PixlPix"

    def link(self, hashtag):
        return f"/tags/{hashtag.name}/"

    def address(self, hashtag, kind):
        return reverse("hashtag_feed", args=[hashtag.name, kind])


class PromptFeed(PostsFeed):
    """/feeds/prompts/<slug>/<rss or atom>/: what was entered, by when it was published."""

    def find(self, slug):
        found = PromptPage.objects.live().filter(slug=slug).first()
        if found is None:
            raise Http404
        return found

    def posts(self, prompt):
        rows = PromptEntry.objects.filter(prompt=prompt, post__in=discoverable_for(VISITOR).order_by().values("pk"))
        keys = list(rows.order_by("-entered_at", "-pk").values_list("post", flat=True)[:ITEMS])
        return newest_of(discoverable_for(VISITOR).filter(pk__in=keys))

    def title(self, prompt):
        return _("Prompt: %(title)s") % {"title": prompt.title} + " · PixlPix"

    def link(self, prompt):
        return f"/prompts/{prompt.slug}/"

    def address(self, prompt, kind):
        return reverse("prompt_feed", args=[prompt.slug, kind])


# As views, a NUL in an address answers 404.
def view_of(feed):
    """The view of a PostsFeed."""

    def view(request, **parts):
        return feed()(request, **parts)

    return without_nul(view)
