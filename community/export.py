"""A member's own data, as a ZIP that is written while it is sent: nothing of it lies in memory or on a disk as a whole."""

import json
import logging
import zipfile
from mimetypes import guess_extension

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.files import vault
from gallery.models import GalleryPage, MemberAct, Original, PostPage

from .models import ConsentRecord

logger = logging.getLogger(__name__)

PIECE = 256 * 1024  # bytes of an original that are held at a time
ROWS = 200  # rows that are read at a time


class Outbox:
    """A file that cannot be read or moved in, only written to; what was written is taken out in between."""

    def __init__(self):
        self.pieces, self.written = [], 0

    def write(self, data):
        self.pieces.append(bytes(data))
        self.written += len(data)
        return len(data)

    def tell(self):
        return self.written

    def flush(self):
        """Nothing to do: `take` empties it."""

    def take(self):
        data, self.pieces = b"".join(self.pieces), []
        return data


def export_of(user):
    """Yield the bytes of the ZIP: JSON on everything, and the originals as they came."""
    outbox, missing = Outbox(), []
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as archive:
        for name, content in documents(user):
            archive.writestr(zipfile.ZipInfo(name, now()), as_json(content), zipfile.ZIP_DEFLATED)
            yield outbox.take()
        for name, original in originals_of(user):
            try:
                source = vault().open(original.name)
            except OSError as error:
                logger.error("Original %s is missing from an export: %s", original, error)
                missing.append(name)
                continue
            with source, archive.open(zipfile.ZipInfo(name, now()), "w", force_zip64=True) as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield outbox.take()
        if missing:
            words = _("These files could not be read just now. Please try again, or write to us:")
            archive.writestr(zipfile.ZipInfo("missing.txt", now()), "\n".join([words, *missing, ""]))
    yield outbox.take()


def now():
    return timezone.now().timetuple()[:6]


def as_json(content):
    return json.dumps(content, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def documents(user):
    """The JSON files: (name, content)."""
    yield "profile.json", profile_of(user)
    yield "galleries.json", [gallery_row(gallery) for gallery in GalleryPage.objects.filter(author=user).order_by("pk")]
    yield "posts.json", [post_row(post) for post in posts_of(user)]
    yield (
        "consent.json",
        [
            {
                "policy_version": record.policy.number,
                "text_sha256": record.text_sha256,
                "confirmed_to_be_at_least": record.minimum_age,
                "accepted_at": record.accepted_at,
            }
            for record in ConsentRecord.objects.filter(user=user).select_related("policy").order_by("pk")
        ],
    )
    acts = MemberAct.objects.filter(actor=user).order_by("pk").values("act", "kind", "key", "details", "at")
    yield "acts.json", list(acts.iterator(chunk_size=ROWS))


def profile_of(user):
    return {
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "joined": user.date_joined,
        "last_signed_in": user.last_login,
        "address_confirmed": user.verified_at,
        "standing": user.standing,
        "standing_reason": user.standing_reason,
        "groups": sorted(user.groups.values_list("name", flat=True)),
    }


def gallery_row(gallery):
    return {
        "name": gallery.title,
        "address": gallery.gallery_slug,
        "description": gallery.description,
        "visibility": gallery.visibility,
        "author_state": gallery.author_state,
        "team_state": gallery.team_state,
        "team_reason": gallery.team_reason,
        "created": gallery.created_at,
    }


def posts_of(user):
    posts = PostPage.objects.of(user).select_related("gallery").prefetch_related("photos__picture__original")
    return posts.order_by("pk").iterator(chunk_size=ROWS)


def post_row(post):
    return {
        "short_id": post.short_id,
        "gallery": post.gallery.gallery_slug,
        "caption": post.caption,
        "visibility": post.visibility,
        "author_state": post.author_state,
        "team_state": post.team_state,
        "team_reason": post.team_reason,
        "created": post.created_at,
        "published": post.published_at,
        "deleted": post.withdrawn_at,
        "taken_down": post.taken_down_at,
        "photos": [
            {
                "position": photo.position,
                "alternative_text": photo.alt_text,
                "original": name_of(photo.picture.original),
                "width": photo.picture.original.width,
                "height": photo.picture.original.height,
            }
            for photo in sorted(post.photos.all(), key=lambda photo: photo.position)
            if photo.picture.original
        ],
    }


def name_of(original):
    """The name of an original in the ZIP."""
    return f"originals/{original.sha256}{guess_extension(original.mime) or ''}"


def originals_of(user):
    """The originals of everything they ever posted, each once: (name in the ZIP, Original)."""
    used = Original.objects.filter(pictures__photo__post__author=user).distinct().order_by("pk")
    for original in used.iterator(chunk_size=ROWS):
        yield name_of(original), original
