"""Profile pictures in `reconcile_media`: what rows say, what lies on the media host, and what members' rows name.

Registered with gallery's by `apps.py`. As there, each repair looks again, under the lock of the member's row.
"""

from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from gallery.models import MemberPage, Publication, Rendition
from gallery.models.pictures import PictureKind
from gallery.publication import close_picture_publication
from gallery.reconcile import Finding, leave_folder, register_check, register_owner
from gallery.states import TeamState

from .avatars import (
    bring_avatar_in_step,
    hide_avatar,
    lock_member,
    may_be_seen,
    name_files,
    now,
    show_avatar,
    shown_avatar,
)
from .exports import FOLDER as EXPORTS
from .exports import KINDS as EXPORT_KINDS
from .exports import export_files
from .models import Avatar, User
from .models.avatars import IN_PLACE
from .tasks import rename_pages

KINDS = {
    "publication_of_hidden_avatar": True,
    "member_names_no_picture": True,
    "ready_avatar_not_shown": True,
}
PAGE_KINDS = {"page_under_former_name": True}


def register():
    """Make gallery's `reconcile` ask here as well."""
    register_check(avatars, KINDS)
    register_check(pages, PAGE_KINDS)
    register_check(export_files, EXPORT_KINDS)
    leave_folder(EXPORTS)
    register_owner(PictureKind.AVATAR, show_again)


def avatars(at_once=False):
    """Yield what differs about profile pictures: gallery.reconcile.Finding."""
    # Publications of pictures that nobody may see: raw SQL, a lost task, or a defect of ours.
    seen = Avatar.objects.current().filter(team_state=TeamState.NONE, user__in=User.objects.members())
    lying = Publication.objects.filter(state=Publication.State.OPEN, picture__kind=PictureKind.AVATAR)
    hidden = lying.exclude(Exists(seen.filter(picture=OuterRef("picture_id")))).select_related("picture__avatar__user")
    for publication in hidden.order_by("pk").iterator():
        yield Finding("publication_of_hidden_avatar", publication.prefix, partial(close_if_hidden, publication.picture))
    # Members whose row names no file of the picture that is theirs, or names one that they may not show.
    named = Rendition.objects.filter(
        image__avatar__user=OuterRef("pk"),
        image__avatar__removed_at=None,
        image__avatar__team_state=TeamState.NONE,
        public_name=OuterRef("avatar_large"),
    )
    naming = User.objects.exclude(avatar_large="", avatar_small="")
    for user in naming.exclude(Q(Exists(named)) & Q(pk__in=User.objects.members())).order_by("pk").iterator():
        yield Finding("member_names_no_picture", user.username, partial(name_anew, user))
    unnamed = seen.filter(IN_PLACE, user__avatar_large="").select_related("user")
    for avatar in unnamed.order_by("pk").iterator():
        yield Finding("ready_avatar_not_shown", avatar.user.username, partial(bring_avatar_in_step, avatar.user))
    waiting = Avatar.objects.to_place().select_related("user", "picture__original").order_by("pk")
    for avatar in (waiting if at_once else waiting.filter(retry_at__lt=timezone.now())).iterator():
        yield Finding("ready_avatar_not_shown", avatar.user.username, partial(show_avatar, avatar))


def pages(at_once=False):
    """Yield members' pages that stand in the tree under another name than their member's: a task was lost."""
    elsewhere = MemberPage.objects.exclude(slug=F("user__username")).select_related("user")
    for page in elsewhere.order_by("pk").iterator():
        yield Finding("page_under_former_name", page.user.username, partial(rename_pages.func, page.user_id))


def close_if_hidden(picture):
    with transaction.atomic():
        user = lock_member(picture.avatar.user, picture.original)
        avatar = now(picture.avatar, user)
        if may_be_seen(avatar, user):
            return False
        if not user.is_member_visible:
            hide_avatar(user)
        elif Rendition.objects.filter(image=picture, public_name__in=(user.avatar_large, user.avatar_small)).exists():
            name_files(user, {})
        close_picture_publication(picture)
    return True


def name_anew(user):
    """Name no file, then those of the picture that is theirs, published anew."""
    with transaction.atomic():
        name_files(lock_member(user), {})
    bring_avatar_in_step(user)


def show_again(picture):
    """A public file of a profile picture is missing: publish it anew, under new names."""
    avatar = shown_avatar(picture.avatar.user)
    if avatar is None or avatar.picture_id != picture.pk:
        return False
    name_anew(avatar.user)
    return True
