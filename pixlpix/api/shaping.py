"""Rows as the API shows them. Asks nothing of the database where posts came with what cards show (`for_cards`)."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags

from gallery.camera import camera_line
from gallery.cards import preview, shown
from gallery.files import media
from gallery.hashtags import hashtags_in
from gallery.imaging import BLURRED_SPEC
from gallery.licences import Licence


def absolute(url):
    """`url` with the site's address before it where it is a path."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


def a_post(post):
    """A post with its photos, blurred where it is sensitive."""
    return {
        "id": post.short_id,
        "url": absolute(post.address()),
        "permanent_url": absolute(reverse("permalink", args=[post.short_id])),
        "caption": post.caption,
        "hashtags": hashtags_in(post.caption),
        "published_at": post.published_at,
        "author": a_person(post.author),
        "gallery": a_place(post.gallery, post.author),
        "sensitive": post.is_sensitive,
        "sensitive_reason": post.sensitive_reason if post.is_sensitive else "",
        "licence": {"id": post.licence, "url": Licence(post.licence).url or None},
        "photos": [a_photo(photo, post) for photo in post.photos_in_order],
    }


def a_photo(photo, post):
    """One photo: the files that a visitor may fetch, and its words unless the post is sensitive."""
    look = shown(photo)
    files = sorted(
        (file for file in photo.picture.renditions.all() if file.public_name and belongs(file, post.is_sensitive)),
        key=lambda file: file.width,
    )
    card = preview(photo)
    return {
        "alt": look.alt,
        "width": look.width,
        "height": look.height,
        "blurred": post.is_sensitive,
        "sizes": [a_size(file) for file in files],
        "preview": a_size(card) if card else None,
        "camera": camera_line(photo.picture.camera) or None if post.show_camera and not post.is_sensitive else None,
    }


def belongs(file, sensitive):
    """Whether a rendition is among those given: the blurred one alone of a sensitive post, else those in widths."""
    return file.filter_spec == BLURRED_SPEC if sensitive else file.filter_spec.startswith("width-")


def a_size(file):
    kind = "webp" if file.public_name.endswith(".webp") else "jpeg"
    return {"url": absolute(file.url), "width": file.width, "height": file.height, "type": f"image/{kind}"}


def a_person(user):
    return {
        "username": user.username,
        "name": user.name.strip() or user.username,
        "url": absolute(user.get_absolute_url()),
    }


def a_member(user):
    avatar = absolute(media().url(user.avatar_large)) if user.avatar_large else None
    return {**a_person(user), "avatar": avatar, "joined_at": user.date_joined}


def a_place(gallery, author):
    """A gallery as a post names it; its author comes along, since the post has it already."""
    url = reverse("gallery", args=[author.username, gallery.gallery_slug])
    return {"slug": gallery.gallery_slug, "name": gallery.title, "url": absolute(url)}


def a_gallery(gallery, cover=None):
    return {
        **a_place(gallery, gallery.author),
        "description": gallery.description,
        "author": a_person(gallery.author),
        "cover": a_post(cover) if cover else None,
    }


def a_prompt(prompt):
    return {
        "slug": prompt.slug,
        "title": prompt.title,
        "url": prompt.full_url or "",
        "text": " ".join(strip_tags(prompt.text.replace("</", " </")).split()),
        "starts_at": prompt.starts_at,
        "ends_at": prompt.ends_at,
        "time_zone": prompt.time_zone,
        "results_at": prompt.results_at,
    }
