"""Telling members what happened. Actions call `notify` in their own transaction, and `forget` when it is taken back.

Blocks and mutes are honoured here, when it is told, and once more by `visibility.notifications_for`, when it is shown.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from .models import Block, CommentLike, Like, Mute, Notification, Profile
from .models.notifications import Kind
from .models.users import Standing
from .notification_kinds import FIXED, GROUPED, choice_of

# How long a mail waits, so that what was seen on the site meanwhile, or taken back, is not mailed.
MAIL_DELAY = timedelta(minutes=5)
MOST_TRIES = 5


def notify(kind, recipient, *, actor=None, post=None, comment=None, gallery=None, prompt=None, **details):
    """Tell `recipient` that `actor` (None: the team) did something of `kind` (notifications.Kind).

    Nobody is told what they did themselves, nor what somebody did whom they muted or with whom there is a block, nor
    what they chose not to hear. Likes of one thing are one notification while it is unread. Returns the Notification,
    or None. 2 queries, one more for a like.
    """
    if not may_hear(kind, recipient) or (actor is not None and actor.pk == recipient.pk):
        return None
    profile = Profile.objects.filter(user=recipient.pk).annotate(quiet=quiet_between(OuterRef("user"), actor)).first()
    choice = choice_of(kind, profile.notification_choices if profile else {})
    if choice.nowhere or (profile and profile.quiet):
        return None
    now = timezone.now()
    row = Notification(
        recipient=recipient,
        kind=kind,
        actor=actor,
        # What is said of a comment is said of its post, too, so that it goes when the post does.
        post=post or (comment.post if comment else None),
        comment=comment,
        gallery=gallery,
        prompt=prompt,
        details=details,
        in_app=choice.app,
        created_at=now,
        mail_due_at=mail_due(kind, now) if choice.email else None,
    )
    if kind in GROUPED:
        return add_to_group(row)
    row.save(force_insert=True)
    return row


def may_hear(kind, recipient):
    """Whether `recipient` is told anything of this kind: who is suspended hears of the team's decisions alone."""
    if recipient.standing == Standing.SUSPENDED:
        return kind in FIXED
    return recipient.standing == Standing.ACTIVE


def mail_due(kind, now):
    """When a notification of this kind is to be mailed: the team's decisions without delay."""
    return now if kind in FIXED else now + MAIL_DELAY


def quiet_between(recipient, actor):
    """An expression: whether `recipient` (a reference to their key) hears nothing of `actor` (None for the team)."""
    if actor is None:
        return Value(False)
    return (
        Exists(Mute.objects.filter(muter=recipient, muted=actor.pk))
        | Exists(Block.objects.filter(blocker=recipient, blocked=actor.pk))
        | Exists(Block.objects.filter(blocker=actor.pk, blocked=recipient))
    )


# --- Likes, which are grouped -----------------------------------------------------------------------------------------


def likes_about(kind, about):
    """The likes of what a grouped notification is about; `about` has `post` and `comment` (objects, or their keys)."""
    if kind == Kind.LIKE:
        return Like.objects.filter(post=about["post"])
    return CommentLike.objects.filter(comment=about["comment"])


def group_of(kind, recipient, about):
    """The unread notification on likes of this thing: a queryset of one row, or none."""
    same = {"post": about["post"]} if kind == Kind.LIKE else {"comment": about["comment"]}
    return Notification.objects.filter(recipient=recipient, kind=kind, read_at__isnull=True, **same)


def add_to_group(row):
    """Put the like that `row` tells of into the unread notification on likes of the same thing; returns that one.

    Where there is none yet, `row` becomes it. Of two at once the constraint lets one be the first. When the notification
    is read at the same moment, another one begins.
    """
    about = {"post": row.post, "comment": row.comment}
    liked_at = likes_about(row.kind, about).filter(user=row.actor).values_list("created_at", flat=True).first()
    row.since = row.created_at = liked_at or row.created_at
    unread = group_of(row.kind, row.recipient, about)
    newer = When(created_at__lte=row.created_at, then=Value(row.actor.pk))
    for _try in range(MOST_TRIES):
        joined = unread.update(
            actor=Case(newer, default=F("actor"), output_field=BigIntegerField()),
            since=Least("since", row.since),
            created_at=Greatest("created_at", row.created_at),
        )
        if joined:
            return unread.first()
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return row
        except IntegrityError:  # somebody else's like was the first, a moment ago
            continue
    return None


def forget(kind, recipient, *, actor, **about):
    """What was told with the same words was taken back: it is no longer told, where it was not read yet.

    A notification on several likes stays with those that are left.
    """
    unread = Notification.objects.filter(recipient=recipient, kind=kind, read_at__isnull=True, **about)
    if kind not in GROUPED:
        unread.filter(actor=actor).delete()
        return
    for row in unread:
        leave_group(row, actor.pk)


def drop(rows):
    """Delete notifications; those on likes stay with the others who like the same thing. 3 queries for each of these."""
    rows.exclude(kind__in=GROUPED).delete()
    for row in rows.filter(kind__in=GROUPED):
        leave_group(row, row.actor_id)


def leave_group(row, actor):
    """`actor`, a primary key, is not told of any more in a notification on likes: it is then of the next newest one's like,
    or goes where there is none."""
    likes = likes_about(row.kind, {"post": row.post_id, "comment": row.comment_id}).exclude(user=actor)
    within = likes.filter(created_at__range=(row.since or row.created_at, row.created_at))
    newest = within.order_by("-created_at", "-pk").first()
    as_it_was = Notification.objects.filter(pk=row.pk, actor=row.actor_id)
    if newest is None:
        as_it_was.delete()
    elif row.actor_id == actor:
        as_it_was.update(actor=newest.user_id, created_at=newest.created_at)
