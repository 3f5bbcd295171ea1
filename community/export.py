"""A member's own data, as a ZIP that is made piece by piece: nothing of it lies in memory as a whole."""

import json
import logging
import zipfile
from mimetypes import guess_extension

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.files import vault
from gallery.models import GalleryPage, MemberAct, Original, Picture, PostPage

from .export_social import social_documents
from .models import Avatar, Block, ConsentRecord, Follow, Mute, Profile

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
        readme = render_to_string("community/export_readme.txt", {"user": user, "made_at": timezone.now()})
        archive.writestr(zipfile.ZipInfo("README.txt", now()), readme, zipfile.ZIP_DEFLATED)
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
    yield "people.json", people_of(user)
    yield "galleries.json", [gallery_row(gallery) for gallery in GalleryPage.objects.filter(author=user).order_by("pk")]
    yield "posts.json", [post_row(post) for post in posts_of(user)]
    yield "profile_pictures.json", [avatar_row(avatar) for avatar in avatars_of(user)]
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
    yield from social_documents(user)


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
        "account_is_for_followers": user.is_private,
        "may_be_featured": user.featurable,
        **words_of(user),
        "name_taken_down": Profile.objects.filter(user=user).values_list("name_taken_down", flat=True).first(),
        "groups": sorted(user.groups.values_list("name", flat=True)),
    }


def words_of(user):
    """What they say of themselves, and chose."""
    return Profile.objects.filter(user=user).values("biography", "pronouns", "link", "time_zone").first() or {}


def people_of(user):
    """Whom they follow, asked to follow, blocked and muted, and who follows them: by username, each with its date.

    Not who blocked or muted them: that is those people's own.
    """

    def rows(rows, person, at):
        return [
            {"username": name, "since": since}
            for name, since in rows.order_by("pk").values_list(f"{person}__username", at).iterator(chunk_size=ROWS)
        ]

    following = Follow.objects.filter(follower=user)
    followers = Follow.objects.filter(followed=user)
    return {
        "following": rows(following.filter(accepted_at__isnull=False), "followed", "accepted_at"),
        "asked_to_follow": rows(following.filter(accepted_at__isnull=True), "followed", "created_at"),
        "followers": rows(followers.filter(accepted_at__isnull=False), "follower", "accepted_at"),
        "requests": rows(followers.filter(accepted_at__isnull=True), "follower", "created_at"),
        "blocked": rows(Block.objects.filter(blocker=user), "blocked", "created_at"),
        "muted": rows(Mute.objects.filter(muter=user), "muted", "created_at"),
    }


def gallery_row(gallery):
    return {
        "name": gallery.title,
        "address": gallery.gallery_slug,
        "description": gallery.description,
        "visibility": gallery.visibility,
        "order": gallery.order,
        "position": gallery.position,
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
        "licence": post.licence,
        "no_comments": post.comments_off,
        "scheduled_for": post.scheduled_for,
        "author_state": post.author_state,
        "team_state": post.team_state,
        "team_reason": post.team_reason,
        "created": post.created_at,
        "published": post.published_at,
        "deleted": post.withdrawn_at,
        "taken_down": post.taken_down_at,
        "sensitive": post.sensitive,
        "sensitive_reason": post.sensitive_reason,
        "marked_sensitive_by_the_team": post.team_sensitive,
        "limited_by_the_team": post.limited,
        "shows_camera": post.show_camera,
        "allows_download": post.allow_download,
        # Those in the post in their order, then those that were taken out.
        "photos": [photo_row(photo) for photo in sorted(post.photos.all(), key=place_of)],
    }


def place_of(photo):
    return (photo.removed_at is not None, photo.position, photo.pk)


def photo_row(photo):
    picture = photo.picture
    return {
        "key": photo.key,
        "position": photo.position,
        "alternative_text": photo.alt_text,
        "original": name_of(picture.original),
        "width": picture.original.width,
        "height": picture.original.height,
        "camera": picture.camera,
        "focal_point": [picture.focal_point_x, picture.focal_point_y] if picture.has_focal_point() else None,
        "processing": photo.state,
        "failure": photo.failure,
        "added": photo.created_at,
        "taken_out": photo.removed_at,
        "team_state": photo.team_state,
    }


def avatars_of(user):
    return Avatar.objects.filter(user=user).select_related("picture__original").order_by("pk")


def avatar_row(avatar):
    return {
        "original": name_of(avatar.picture.original),
        "cut": {"left": avatar.crop_left, "top": avatar.crop_top, "side": avatar.crop_side or None},
        "state": avatar.state,
        "team_state": avatar.team_state,
        "team_reason": avatar.team_reason,
        "chosen": avatar.created_at,
        "removed_or_replaced": avatar.removed_at,
    }


def name_of(original):
    """The name of an original in the ZIP."""
    return f"originals/{original.sha256}{guess_extension(original.mime) or ''}"


def originals_of(user):
    """The originals of everything they ever posted or had as their picture, each once: (name in the ZIP, Original)."""
    theirs = Picture.objects.filter(Q(photo__post__author=user) | Q(avatar__user=user))
    used = Original.objects.filter(pk__in=theirs.values("original")).order_by("pk")
    for original in used.iterator(chunk_size=ROWS):
        yield name_of(original), original
