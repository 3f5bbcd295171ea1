"""What machines read of a post: JSON-LD in the head of its page, and the answer of the oEmbed provider.

Both know only what visitors may see. A sensitive post has no JSON-LD, which would have its picture shown elsewhere without
its veil; oEmbed gives the blurred one.
"""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import Resolver404, resolve, reverse

from gallery import cards
from gallery.licences import Licence
from gallery.models import FormerAddress
from gallery.states import Visibility

from .site import absolute
from .templatetags.people import display_name
from .visibility import listed_for

VISITOR = AnonymousUser()
CACHE_AGE = 300  # seconds


def head_of_post(request, post):
    """`json_ld` (a list for the page's head, or None) and `oembed_url` of a post. No query.

    Empty for what is not public: the page is then for people with the link, not for machines.
    """
    if post.effective_visibility != Visibility.PUBLIC or not post.is_visible:
        return {"json_ld": None, "oembed_url": ""}
    query = urlencode({"url": absolute(post.address()), "format": "json"})
    return {
        "json_ld": None if post.is_sensitive else json_ld_of(post),
        "oembed_url": f"{absolute(reverse('oembed'))}?{query}",
    }


def json_ld_of(post):
    """An ImageObject (schema.org) for each photo that visitors may fetch."""
    name, licence = display_name(post.author), Licence(post.licence)
    common = {
        "@context": "https://schema.org",
        "@type": "ImageObject",
        "name": post.title,
        "caption": post.caption or post.title,
        "url": absolute(post.address()),
        "datePublished": post.published_at.isoformat(),
        "creator": {"@type": "Person", "name": name, "url": absolute(post.author.get_absolute_url())},
        "creditText": name,
        "copyrightNotice": f"{name}. {licence.label}",
        **({"license": licence.url} if licence.url else {}),
        "acquireLicensePage": absolute(post.author.get_absolute_url()),
    }
    return [
        {
            **common,
            "contentUrl": absolute(image.url),
            "encodingFormat": "image/jpeg",
            "width": image.width,
            "height": image.height,
            **({"description": photo.alt_text} if photo.alt_text else {}),
        }
        for photo in post.photos_in_order
        if (image := cards.preview(photo))
    ]


def embedded(url, max_width=None, max_height=None):
    """The oEmbed answer (type photo) for the address of a post, or None where visitors find no public post there."""
    post = post_at(url)
    image = post and post.cover and fitting(post.cover, max_width, max_height)
    if not image:
        return None
    name, licence = display_name(post.author), Licence(post.licence)
    rendition, width, height = image
    return {
        "version": "1.0",
        "type": "photo",
        "url": absolute(rendition.url),
        "width": width,
        "height": height,
        "title": post.title,
        "author_name": name,
        "author_url": absolute(post.author.get_absolute_url()),
        "provider_name": "PixlPix",
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": CACHE_AGE,
        "web_page": absolute(post.address()),
        "license": str(licence.label),
        **({"license_url": licence.url} if licence.url else {}),
        **({"alt_text": post.cover.alt_text} if post.cover.alt_text and not post.is_sensitive else {}),
    }


def post_at(url):
    """The public post whose page, former page or permanent link is at `url`, with its photos; or None."""
    parts, site = urlsplit(url), urlsplit(settings.SITE_URL)
    if parts.scheme not in ("http", "https") or parts.netloc != site.netloc or "\0" in parts.path:
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.url_name not in ("post", "permalink"):
        return None
    post = listed_for(VISITOR).for_cards().filter(short_id=match.kwargs["short_id"]).first()
    if post is None or match.url_name == "permalink" or post.address() == parts.path:
        return post
    path = parts.path.removeprefix(reverse("members")).strip("/")
    return post if FormerAddress.objects.filter(post=post, path=path).exists() else None


def fitting(photo, max_width, max_height):
    """(rendition, width, height) of the largest public file of `photo` that fits; where none does, the smallest, with the
    size at which it is to be shown. Of a sensitive post, only the blurred one. None where there is no file."""
    preview = cards.preview(photo)
    others = [] if photo.post.is_sensitive else cards.renditions_of(photo)[0]
    files = [file for file in [preview, *others] if file and file.public_name]
    if not files:
        return None
    scale = {
        file: min(1, (max_width or file.width) / file.width, (max_height or file.height) / file.height)
        for file in files
    }
    # The preview first: a JPEG, which everything can show.
    whole = [file for file in files if scale[file] == 1]
    file = (
        max(whole, key=lambda file: (file == preview, file.width)) if whole else min(files, key=lambda file: file.width)
    )
    return file, max(1, int(file.width * scale[file])), max(1, int(file.height * scale[file]))
