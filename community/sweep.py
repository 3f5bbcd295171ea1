"""What the sweeper does about people: accounts that were never confirmed go, and posts follow their author's standing.

Beside gallery's sweeper, every minute; each step may run twice.
"""

import logging
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from gallery.models import PostPage
from gallery.states import HiddenBy

from .actions.drop_unverified import drop_unverified_accounts
from .models import User
from .models.users import Standing
from .tasks import follow_member

logger = logging.getLogger(__name__)

# The task that copies a standing to posts is due after this time, and is looked for as long.
DEADLINE, LOOKED_FOR = timedelta(minutes=2), timedelta(days=7)
BATCH = 100  # members in one sweep
# The flag that posts carry for each standing of their author.
FLAGS = {
    Standing.ACTIVE: 0,
    Standing.SUSPENDED: int(HiddenBy.AUTHOR_SUSPENDED),
    Standing.LEFT: int(HiddenBy.AUTHOR_LEFT),
}


def sweep_people():
    """Do every step once; returns what was done as {step: count}. A step that fails is logged and hinders no other."""
    done = {}
    for name, step in (("accounts_dropped", drop_unverified_accounts), ("members_followed", follow_members_again)):
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


def members_out_of_step():
    """Members whose standing changed some minutes ago, and who have a post without the flag that belongs to it."""
    now = timezone.now()
    posts = PostPage.objects.filter(author=OuterRef("pk")).annotate(flags=F("hidden_by").bitand(sum(FLAGS.values())))
    wrong = Q()
    for standing, flag in FLAGS.items():
        wrong |= Q(standing=standing) & Q(Exists(posts.exclude(flags=flag)))
    return User.objects.filter(wrong, standing_since__range=(now - LOOKED_FOR, now - DEADLINE)).order_by(
        "standing_since"
    )
