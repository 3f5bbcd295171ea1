"""Taking back what a decision changed, and nothing else: what was down before it stays down, and so does what a later decision
took down.

A decision's `changed` says by kind what it changed, as lists of references: {"posts": ["7Hq2mXk9Ta"]}.
"""

import logging

from django.core.exceptions import ValidationError

from gallery.actions.label_sensitive import unlabel_sensitive
from gallery.actions.limit_post import unlimit_post
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_gallery import restore_gallery
from gallery.actions.take_down_gallery_name import restore_gallery_name
from gallery.actions.take_down_photo import restore_photo
from gallery.models import GalleryPage, Photo, PostPage
from gallery.states import TeamState

from . import bulk_takedowns
from .actions.suspend_member import lift_suspension
from .actions.take_down_avatar import restore_avatar
from .actions.take_down_comment import restore_comment
from .actions.take_down_member_name import restore_member_name
from .actions.take_down_profile import restore_profile
from .models import Avatar, Comment, Decision, Profile, User
from .models.users import Standing

logger = logging.getLogger(__name__)

DOWN = (TeamState.TAKEN_DOWN, TeamState.HELD)
MOST = 200  # later decisions about one member that are looked at


def take_back(decision, *, by, reason):
    """Take back what `decision` changed. May be done again after a crash.

    In no transaction of its own: each action that shows something commits for itself and writes the ledger then.
    """
    later = [made.changed for made in later_ones(decision)]
    for kind, references in decision.changed.items():
        for reference in references:
            if not any(reference in changed.get(kind, ()) for changed in later):
                BACK[kind](reference, by=by, reason=reason)


def is_left(changed):
    """Whether anything of what a decision `changed` is still as it made it."""
    return any(STANDS[kind](references) for kind, references in changed.items() if references)


def later_ones(decision):
    """Decisions about the same member, made after `decision` and in force."""
    later = Decision.objects.filter(member=decision.member_id, made_at__gt=decision.made_at)
    return list(later.filter(state=Decision.State.CARRIED_OUT).order_by("-made_at")[:MOST])


def back_post(short_id, **how):
    if post := posts().filter(short_id=short_id, team_state__in=DOWN).first():
        restore_post(post, **how)


def back_label(undo, short_id, **how):
    if post := posts().filter(short_id=short_id).first():
        undo(post, **how)


def posts():
    return PostPage.objects.select_related("author", "gallery")


def back_photo(key, **how):
    photos = Photo.objects.select_related("post__author", "post__gallery", "picture__original")
    if photo := photos.filter(key=key, team_state__in=DOWN).first():
        restore_photo(photo, **how)


def back_gallery(key, **how):
    if gallery := GalleryPage.objects.select_related("author").filter(pk=key, team_state__in=DOWN).first():
        restore_gallery(gallery, **how)


def back_gallery_name(key, **how):
    if gallery := GalleryPage.objects.select_related("author").filter(pk=key).exclude(name_taken_down={}).first():
        restore_gallery_name(gallery, **how)


def back_comment(key, **how):
    comment = Comment.objects.select_related("author", "post").filter(key=key, team_state__in=DOWN).first()
    try:
        if comment:
            restore_comment(comment, **how)
    except ValidationError:
        logger.info("The words of comment %s are forgotten: its decision is undone, and it stays away.", key)


def back_avatar(key, **how):
    if avatar := Avatar.objects.select_related("user", "picture__original").filter(pk=key, team_state__in=DOWN).first():
        restore_avatar(avatar, **how)


def back_profile(key, **how):
    if profile := Profile.objects.select_related("user").filter(user=key, team_state__in=DOWN).first():
        restore_profile(profile.user, **how)


def back_member_name(key, **how):
    if profile := Profile.objects.select_related("user").filter(user=key).exclude(name_taken_down={}).first():
        restore_member_name(profile.user, **how)


def back_member(key, **how):
    if member := User.objects.filter(pk=key, standing=Standing.SUSPENDED).first():
        lift_suspension(member, **how)


def back_bulk(key, **how):
    bulk_takedowns.undo(key, **how)


BACK = {
    "posts": back_post,
    "photos": back_photo,
    "galleries": back_gallery,
    "gallery_names": back_gallery_name,
    "comments": back_comment,
    "avatars": back_avatar,
    "profiles": back_profile,
    "member_names": back_member_name,
    "suspended": back_member,
    "bulk": back_bulk,
    "sensitive": lambda short_id, **how: back_label(unlabel_sensitive, short_id, **how),
    "limited": lambda short_id, **how: back_label(unlimit_post, short_id, **how),
}


# Whether any of these is still as a decision made it.
STANDS = {
    "posts": lambda keys: PostPage.objects.filter(short_id__in=keys, team_state__in=DOWN).exists(),
    "photos": lambda keys: Photo.objects.filter(key__in=keys, team_state__in=DOWN).exists(),
    "galleries": lambda keys: GalleryPage.objects.filter(pk__in=keys, team_state__in=DOWN).exists(),
    "gallery_names": lambda keys: GalleryPage.objects.filter(pk__in=keys).exclude(name_taken_down={}).exists(),
    "comments": lambda keys: Comment.objects.filter(key__in=keys, team_state__in=DOWN).exists(),
    "avatars": lambda keys: Avatar.objects.filter(pk__in=keys, team_state__in=DOWN).exists(),
    "profiles": lambda keys: Profile.objects.filter(user__in=keys, team_state__in=DOWN).exists(),
    "member_names": lambda keys: Profile.objects.filter(user__in=keys).exclude(name_taken_down={}).exists(),
    "suspended": lambda keys: User.objects.filter(pk__in=keys, standing=Standing.SUSPENDED).exists(),
    "sensitive": lambda keys: PostPage.objects.filter(short_id__in=keys, team_sensitive=True).exists(),
    "limited": lambda keys: PostPage.objects.filter(short_id__in=keys, limited=True).exists(),
    "bulk": lambda keys: bulk_takedowns.stands(keys),
}
