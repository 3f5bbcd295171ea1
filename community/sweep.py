"""What the sweeper does about people: accounts that were never confirmed go, posts and pictures follow their member's
standing, profile pictures that are ready take their place, explore gets a new edition, exports are made and expire,
accounts whose members left and did not come back are emptied and, where a setting says so, erased, the words of comments
that were removed are forgotten, notifications are mailed and forgotten, visitors who reported something are written to,
receipts that are not proven are checked again, takedowns of all posts of a member go on, and look-alikes are found.

Beside gallery's sweeper, every minute; each step may run twice.
"""

import logging
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from gallery.models import PostPage
from gallery.processing import deadline
from gallery.states import HiddenBy

from .actions import mail_notifications
from .actions.drop_unverified import drop_unverified_accounts
from .actions.empty_account import empty_accounts
from .actions.erase_account import erase_accounts
from .actions.forget_comments import forget_comments
from .actions.write_receipt import queue_post_receipts_again
from .answering import forget_addresses, mails_due
from .avatar_bans import look_and_show
from .bulk_takedowns import queue_takedowns_again
from .day_numbers import count_days
from .explore import renew_explore
from .exports import delete_expired_exports, queue_exports_again
from .look_alikes import queue_cases_again
from .models import Avatar, Notification, Profile, User
from .models.users import Standing
from .receipts import queue_receipts_again
from .tasks import follow_member, follow_privacy, mail_reports, mail_what_is_due

logger = logging.getLogger(__name__)

# The task that copies a standing to posts is due after this time, and is looked for as long.
DEADLINE, LOOKED_FOR = timedelta(minutes=2), timedelta(days=7)
BATCH = 100  # members in one sweep
READ_KEPT = timedelta(days=90)  # how long notifications stay that were read
PRUNED = 2000  # notifications in one sweep
# The flag that posts carry for each standing of their author.
FLAGS = {
    Standing.ACTIVE: 0,
    Standing.SUSPENDED: int(HiddenBy.AUTHOR_SUSPENDED),
    Standing.LEFT: int(HiddenBy.AUTHOR_LEFT),
}


def sweep_people():
    """Do every step once; returns what was done as {step: count}. A step that fails is logged and hinders no other."""
    done = {}
    steps = {
        "accounts_dropped": drop_unverified_accounts,
        "members_followed": follow_members_again,
        "avatars_shown": show_ready_avatars,
        "explore_places": renew_explore,
        "privacy_followed": follow_privacy_again,
        "exports_queued_again": queue_exports_again,
        "exports_deleted": delete_expired_exports,
        "accounts_emptied": empty_accounts,
        "accounts_erased": erase_accounts,
        "comments_forgotten": forget_comments,
        "takedowns_queued_again": queue_takedowns_again,
        "look_alikes_queued_again": queue_cases_again,
        "receipts_queued_again": queue_receipts_again,
        "post_receipts_queued_again": queue_post_receipts_again,
        "mails_queued": queue_mails,
        "notifications_pruned": prune_notifications,
        "days_counted": count_days,
        "report_mails_queued": queue_report_mails,
        "reporters_forgotten": forget_addresses,
    }
    for name, step in steps.items():
        try:
            done[name] = step()
        except Exception:
            logger.exception("The sweeper could not do: %s", name)
            done[name] = 0
    if any(done.values()):
        logger.info("Swept: %s", done)
    return done


def follow_members_again():
    """Queue the task again for members whose posts do not say what their standing is; returns how many."""
    count = 0
    for user in members_out_of_step()[:BATCH]:
        follow_member.enqueue(user.pk)
        count += 1
    return count


def follow_privacy_again():
    """Queue the task again for members whose wishes about their privacy are not carried out yet; returns how many."""
    late = timezone.now() - DEADLINE
    wishes = Profile.objects.filter(Q(narrow_before__lt=late) | Q(accept_before__lt=late))
    keys = list(wishes.values_list("user", flat=True)[:BATCH])
    for key in keys:
        follow_privacy.enqueue(key)
    return len(keys)


def show_ready_avatars():
    """Show pictures that were made and then left there; returns how many. One that cannot be shown now waits longer."""
    count = 0
    waiting = Avatar.objects.to_place().filter(retry_at__lt=timezone.now()).select_related("user", "picture__original")
    for avatar in waiting.order_by("retry_at", "pk")[:BATCH]:
        try:
            look_and_show(avatar)
            Avatar.objects.to_place().filter(pk=avatar.pk).update(retry_at=None)
            count += 1
        except Exception:
            logger.exception("The profile picture of member %s is ready and could not be shown.", avatar.user_id)
            Avatar.objects.to_place().filter(pk=avatar.pk).update(retry_at=deadline(avatar.attempts))
    return count


def queue_mails():
    """Queue the task that mails notifications where any is due: 1 where it was queued."""
    if not mail_notifications.waiting(timezone.now()).exists():
        return 0
    mail_what_is_due.enqueue()
    return 1


def queue_report_mails():
    """Queue the task that writes to visitors who reported something where any mail is due: 1 where it was queued."""
    if not mails_due().exists():
        return 0
    mail_reports.enqueue()
    return 1


def prune_notifications():
    """Delete notifications that were read long ago; returns how many."""
    old = Notification.objects.filter(read_at__lt=timezone.now() - READ_KEPT).order_by("read_at")
    return Notification.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:PRUNED])).delete()[0]


def members_out_of_step():
    """Members whose standing changed some minutes ago, with a post without the flag that belongs to it, or with a picture
    that is shown or not against it."""
    now = timezone.now()
    posts = PostPage.objects.filter(author=OuterRef("pk")).annotate(flags=F("hidden_by").bitand(sum(FLAGS.values())))
    wrong = Q()
    for standing, flag in FLAGS.items():
        wrong |= Q(standing=standing) & Q(Exists(posts.exclude(flags=flag)))
    ready = Avatar.objects.in_place().filter(user=OuterRef("pk"))
    wrong |= ~Q(standing=Standing.ACTIVE) & ~Q(avatar_large="")
    wrong |= Q(standing=Standing.ACTIVE, avatar_large="", verified_at__isnull=False) & Q(Exists(ready))
    return User.objects.filter(wrong, standing_since__range=(now - LOOKED_FOR, now - DEADLINE)).order_by(
        "standing_since"
    )
