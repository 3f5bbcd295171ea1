"""Erase what is left of an account that was emptied KEEP_LEFT_ACCOUNTS_DAYS ago: the numbered shell, and all that it kept.

Posts, pictures, originals, galleries, the log of their acts and consent records go. Comments stay, those of "a former
member" whom no number tells from others. In steps that may be killed and run again: files go before the rows that name
them, and the member's own row last, so that what a crash leaves is found by it. Without that setting nothing is erased.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.models import ModelLogEntry

from gallery import ledger
from gallery.actions.erase_pages import erase_empty_pages
from gallery.actions.erase_post import erase_post, files_deleted
from gallery.actions.remove_unused_original import remove_unused_original
from gallery.forgetting import claim_originals, forget_pictures
from gallery.models import GalleryPage, MemberAct, Original, Photo, Picture, PostPage, Publication, Rendition, Upload
from gallery.states import TeamState

from ..avatars import lock_member
from ..evidence import held_members
from ..models import Avatar, Comment, ConsentRecord, Invitation, PolicyVersion, Profile, PromptEntry, Receipt, User
from ..models.users import Standing
from ..receipts import only_hashes

logger = logging.getLogger(__name__)

MOST = 50  # posts or pictures of one account in one go
ROWS = 500
# The shells' numbers are primary keys, which begin with 1.
COLLECTIVE = "former-member-0"
WHY = "the account of its member, who left, was erased"


def accounts_to_erase(*, now=None):
    """Shells whose time is over, the oldest first: none without a setting, and none of which the team holds something."""
    if settings.KEEP_LEFT_ACCOUNTS_DAYS is None:
        return User.objects.none()
    before = (now or timezone.now()) - timedelta(days=settings.KEEP_LEFT_ACCOUNTS_DAYS)
    due = User.objects.filter(standing=Standing.LEFT, emptied_at__lt=before).exclude(username=COLLECTIVE)
    for held in held_rows():
        due = due.exclude(Exists(held))
    due = due.exclude(held_members())
    return due.order_by("emptied_at", "pk")


def held_rows():
    """What of a member's is held for review, as conditions on the member's row: while there is any, nothing is erased."""
    held = {"team_state": TeamState.HELD}
    yield PostPage.objects.filter(author=OuterRef("pk"), **held)
    yield Photo.objects.filter(post__author=OuterRef("pk"), **held)
    yield GalleryPage.objects.filter(author=OuterRef("pk"), **held)
    yield Avatar.objects.filter(user=OuterRef("pk"), **held)
    yield Comment.objects.filter(author=OuterRef("pk"), **held)
    yield Profile.objects.filter(user=OuterRef("pk"), **held)


def erase_accounts(*, most=5):
    """Go on with up to `most` shells that are due; returns how many are erased now. One that fails hinders no other."""
    count = 0
    for user in list(accounts_to_erase()[:most]):
        try:
            count += erase_account(user)
        except Exception:
            logger.exception("What is left of account %s could not be erased: the sweeper tries again.", user.pk)
    return count


def erase_account(user):
    """Erase the shell `user`, or as much of it as one go takes; True once it is gone. Nothing for one that is not due."""
    if not accounts_to_erase().filter(pk=user.pk).exists():
        return False
    return all(
        step(user)
        for step in (forget_receipts, erase_posts, erase_avatars, hand_comments_on, let_originals_go, erase_shell)
    )


# --- Steps: each does a part, and returns whether nothing of it is left --------------------------------------------------


def forget_receipts(user):
    """Receipts of what is theirs keep hashes, and no longer say whose it was."""
    theirs = list(Receipt.objects.filter(member=user).order_by("pk")[: MOST + 1])
    for receipt in theirs[:MOST]:
        only_hashes(receipt)
    return len(theirs) <= MOST


def erase_posts(user):
    posts = list(PostPage.objects.of(user).order_by("pk")[: MOST + 1])
    return all(erase_post(post) for post in posts[:MOST]) and len(posts) <= MOST


def erase_avatars(user):
    avatars = list(Avatar.objects.filter(user=user).select_related("picture").order_by("pk")[: MOST + 1])
    return all(erase_avatar(avatar, user) for avatar in avatars[:MOST]) and len(avatars) <= MOST


def erase_avatar(avatar, user):
    """Erase one profile picture; False while its public files cannot be deleted."""
    published = Publication.objects.filter(picture=avatar.picture_id)
    if not files_deleted(published, Rendition.objects.filter(image=avatar.picture_id)):
        return False
    with transaction.atomic():
        lock_member(user, *Original.objects.filter(pictures=avatar.picture_id))
        claim_originals([avatar.picture_id], by=user)
        published.delete()
        Avatar.objects.filter(pk=avatar.pk).delete()
        forget_pictures([avatar.picture_id], why=WHY)
    return True


def hand_comments_on(user):
    """Comments on others' posts are from now on those of all former members together."""
    if not Comment.objects.filter(author=user).exists():
        return True
    keys = list(Comment.objects.filter(author=user).order_by("pk").values_list("pk", flat=True)[:ROWS])
    Comment.objects.filter(pk__in=keys).update(author=collective())
    return len(keys) < ROWS


def collective():
    """The row that comments of erased members belong to: no account, without a page, and nobody signs in with it."""
    now = timezone.now()
    facts = {
        "email": f"{COLLECTIVE}@left.invalid",
        "standing": Standing.LEFT,
        "standing_since": now,
        "verified_at": now,
        "emptied_at": now,
        "is_active": False,
    }
    with transaction.atomic():
        user, made = User.objects.get_or_create(username=COLLECTIVE, defaults=facts)
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            Profile.objects.create(user=user)
    return user


def let_originals_go(user):
    """Originals that they brought: those that nothing needs any more are removed, the others are nobody's first."""
    theirs = Original.objects.filter(first_by=user)
    needed = Exists(Picture.objects.filter(original=OuterRef("pk"))) | Exists(
        Upload.objects.filter(original=OuterRef("pk"))
    )
    theirs.filter(needed).update(first_by=None)
    for original in list(theirs.order_by("pk")[:ROWS]):
        remove_unused_original(original, why=WHY)
    return not theirs.exists()


def erase_shell(user):
    """The last step, in one transaction: their galleries, acts and consent records, and the member's row itself."""
    with transaction.atomic():
        user = accounts_to_erase().select_for_update(of=("self",)).filter(pk=user.pk).first()
        if user is None:
            return False
        ledger.enter("member.erased", user, erased=True)
        # What they did for the team stays, as nobody's.
        Invitation.objects.filter(invited_by=user).update(invited_by=None)
        PolicyVersion.objects.filter(published_by=user).update(published_by=None)
        PromptEntry.objects.filter(chosen_by=user).update(chosen_by=None)
        about = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
        )
        about.update(label=user.username, deleted=True)
        MemberAct.objects.filter(actor=user).delete()
        ConsentRecord.objects.filter(user=user).delete()
        Profile.objects.filter(user=user).delete()
        # From here to the commit nobody else can join, because the members page is locked.
        erase_empty_pages(user)
        key = user.pk
        user.delete()
    logger.info("What was left of account %s is erased.", key)
    return True
