"""Empty an account whose member left and did not come back: what was theirs alone is deleted for good.

A numbered shell stays, so that originals, consent records and cases keep an owner. Their posts stay as they are: out of
everybody's reach, kept by the team. In steps that may be killed and run again; from the first on nobody can sign in.
"""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.models import Contributor, GalleryEntry, MemberPage, PostPage

from ..avatars import lock_member, retire
from ..counters import change
from ..devices import end_devices
from ..evidence import held_members
from ..exports import delete_export
from ..models import (
    AltSuggestion,
    Avatar,
    Block,
    Comment,
    CommentLike,
    Dismissal,
    Export,
    Follow,
    HashtagFollow,
    Invitation,
    Like,
    MemberCounts,
    Mention,
    Mute,
    Notification,
    Pin,
    PostCounts,
    Profile,
    SaveList,
    User,
)
from ..models.profiles import Digest
from ..models.users import Standing
from ..notification_kinds import GROUPED
from ..notifying import leave_group
from ..tasks import rename_pages
from .pass_on_galleries import pass_on_galleries

logger = logging.getLogger(__name__)

CHUNK = 200


def accounts_to_empty(*, now=None):
    """Members who left more than LEAVE_DAYS ago and are not emptied yet, who left first first.

    Not while a case keeps something of theirs as evidence: their address is part of it.
    """
    before = (now or timezone.now()) - timedelta(days=settings.LEAVE_DAYS)
    due = User.objects.filter(standing=Standing.LEFT, emptied_at__isnull=True, standing_since__lt=before)
    return due.exclude(held_members()).order_by("standing_since")


def empty_accounts(*, most=20):
    """Go on with up to `most` accounts that are due; returns how many are empty now. Safe to run twice at once.

    One that fails hinders no other.
    """
    count = 0
    for user in list(accounts_to_empty()[:most]):
        try:
            count += empty_account(user)
        except Exception:
            logger.exception("The account %s could not be emptied: the sweeper tries again.", user.pk)
    return count


def empty_account(user, *, most=2000):
    """Empty the account of `user`, or as much as `most` rows of it; True once it is empty. Nothing for one not due."""
    if not close_doors(user):
        return False
    left = most
    for step in STEPS:
        left -= step(user, left)
        if left <= 0:
            return False
    if not become_shell(user):
        return False
    logger.info("The account %s, whose member left, is empty.", user.pk)
    return True


def close_doors(user):
    """What they signed in with goes first, in one transaction. False where there is nothing to do, or not yet."""
    with transaction.atomic():
        user = accounts_to_empty().select_for_update(of=("self",)).filter(pk=user.pk).first()
        if user is None:
            return False
        former, user.email = user.email, f"{shell_name(user)}@left.invalid"
        user.set_unusable_password()
        user.last_login = None
        user.save(update_fields=["email", "password", "last_login"])
        user.groups.clear()
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        Invitation.objects.filter(used_by=user).update(email=user.email)
        Invitation.objects.filter(email=former).update(email=user.email)
        end_devices(user)
    return True


def shell_name(user):
    """What the shell is called: a name that nobody can choose."""
    return f"former-member-{user.pk}"


# --- Rows that are counted: each goes with its number, in one transaction ------------------------------------------------


def take_likes_back(user, most):
    done = 0
    for pk, post in list(Like.objects.filter(user=user).order_by("pk").values_list("pk", "post")[:most]):
        with transaction.atomic():
            if Like.objects.filter(pk=pk).delete()[0]:
                change(PostCounts, post, likes=-1)
        done += 1
    return done


def take_comment_likes_back(user, most):
    done = 0
    for pk, comment in list(CommentLike.objects.filter(user=user).order_by("pk").values_list("pk", "comment")[:most]):
        with transaction.atomic():
            if CommentLike.objects.filter(pk=pk).delete()[0]:
                Comment.objects.filter(pk=comment).update(likes=F("likes") - 1)
        done += 1
    return done


def end_follows(user, most):
    """Whom they follow, and who follows them; requests too."""
    done = 0
    for mine in (Follow.objects.filter(follower=user), Follow.objects.filter(followed=user)):
        for follow in list(mine.order_by("pk")[: most - done]):
            with transaction.atomic():
                if Follow.objects.filter(pk=follow.pk).delete()[0] and follow.accepted_at:
                    # In the order of keys, as wherever two numbers change.
                    for key, column in sorted([(follow.follower_id, "following"), (follow.followed_id, "followers")]):
                        change(MemberCounts, key, **{column: -1})
            done += 1
    return done


# --- Rows that nothing counts -------------------------------------------------------------------------------------------


def leave_groups(user, most):
    """What others were told of several likes, theirs the newest, is about those that are left."""
    groups = list(Notification.objects.filter(actor=user, kind__in=GROUPED).order_by("pk")[:most])
    for group in groups:
        leave_group(group, user.pk)
    return len(groups)


def delete_rows(user, most):
    """Saves, blocks, mutes, hashtags followed, notifications (theirs, and of what they did), mentions, and the rest."""
    done = 0
    for rows in (
        SaveList.objects.filter(user=user),
        Block.objects.filter(blocker=user),
        Block.objects.filter(blocked=user),
        Mute.objects.filter(muter=user),
        Mute.objects.filter(muted=user),
        HashtagFollow.objects.filter(user=user),
        Notification.objects.filter(recipient=user),
        Notification.objects.filter(actor=user),
        Mention.objects.filter(user=user),
        AltSuggestion.objects.filter(by=user),
        Pin.objects.filter(user=user),
        Dismissal.objects.filter(user=user),
        GalleryEntry.objects.filter(added_by=user),
        Contributor.objects.filter(user=user),
    ):
        while done < most and (keys := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])):
            done += rows.model.objects.filter(pk__in=keys).delete()[0]
    return done


def delete_exports(user, most):
    done = 0
    for export in Export.objects.filter(user=user)[:most]:
        done += delete_export(export)
    return done


def forget_name_in_titles(user, most):
    """A post without a caption is titled with its author's name."""
    named = PostPage.objects.of(user).filter(caption="").exclude(title=nameless())
    keys = list(named.order_by("pk").values_list("pk", flat=True)[:most])
    for start in range(0, len(keys), CHUNK):
        PostPage.objects.filter(pk__in=keys[start : start + CHUNK]).update(title=nameless(), draft_title=nameless())
    return len(keys)


def nameless():
    return _("Photo by a former member")


def pass_galleries_on(user, most):
    """Shared galleries go to their longest-standing contributors, before the rows that say who these are."""
    return len(pass_on_galleries(user))


STEPS = (
    pass_galleries_on,
    take_likes_back,
    take_comment_likes_back,
    end_follows,
    leave_groups,
    delete_rows,
    delete_exports,
    forget_name_in_titles,
)


def become_shell(user):
    """The last step, in one transaction: their words and their name go, and the account counts as empty.

    False where another sweeper was faster.
    """
    with transaction.atomic():
        user = lock_member(user)
        if user.emptied_at is not None:
            return False
        for avatar in Avatar.objects.current().filter(user=user).select_related("picture__original"):
            retire(avatar)
        Profile.objects.filter(user=user).update(
            biography="",
            pronouns="",
            link="",
            hidden_words="",
            time_zone="UTC",
            digest=Digest.NEVER,
            digest_sent_at=None,
            notification_choices={},
            name_taken_down={},
        )
        user.username, user.name, user.emptied_at = shell_name(user), "", timezone.now()
        user.save(update_fields=["username", "name", "emptied_at"])
        MemberPage.objects.filter(user=user).update(title=user.username, draft_title=user.username)
        write_down(user, "member.emptied", by=user)
        rename_pages.enqueue(user.pk)
    return True
