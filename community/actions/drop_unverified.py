"""Remove accounts that were never confirmed: all of their rows go, and their name is free again."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gallery.actions.erase_pages import erase_empty_pages
from gallery.models import MemberAct

from ..models import ConsentRecord, Invitation, Profile, TakenName, User

logger = logging.getLogger(__name__)


AT_ONCE = 500  # accounts that one call removes at most


def drop_unverified_accounts(*, now=None, older_than=None):
    """Remove accounts older than `older_than` (a timedelta; else UNVERIFIED_ACCOUNT_DAYS) whose address was never
    confirmed, AT_ONCE of them at most; returns how many went.

    Safe to run at any time and twice at once: each account goes in a transaction of its own, or stays whole.
    """
    if older_than is None:
        older_than = timedelta(days=settings.UNVERIFIED_ACCOUNT_DAYS)
    before = (now or timezone.now()) - older_than
    due = User.objects.filter(verified_at__isnull=True, date_joined__lt=before).order_by("date_joined")
    return sum(drop_account(pk) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def drop_account(pk):
    """Remove one account that was never confirmed; False where it was meanwhile, or is gone."""
    with transaction.atomic():
        unverified = User.objects.filter(verified_at__isnull=True, posts=None, avatars=None)
        user = unverified.select_for_update(of=("self",)).filter(pk=pk).first()
        if user is None:
            return False
        username = user.username
        Invitation.objects.filter(used_by=user).update(used_by=None)
        MemberAct.objects.filter(actor=user).delete()
        ConsentRecord.objects.filter(user=user).delete()
        TakenName.objects.filter(username=username).delete()
        Profile.objects.filter(user=user).delete()
        # Last of all: from here to the commit nobody else can join, because the members page is locked.
        erase_empty_pages(user)
        user.delete()
    logger.info("The account %s was never confirmed: removed.", pk)
    return True
