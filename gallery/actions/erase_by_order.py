"""Erase a post with its originals for good, by an administrator, for a court's order or a person's legal right.

First it is taken down, then files go before the rows that name them, and the post's own row last: what a crash interrupts, the
next call finds and finishes. What stays is the hash of what it was called and of its bytes, and the entry in the ledger.
"""

from datetime import timedelta
from functools import partial

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from .. import erasing, holds, ledger, permissions
from ..acts import write_down_staff
from ..files import vault
from ..forgetting import forget_photos
from ..locks import lock
from ..making import bring_in_step
from ..models import BannedPicture, Erasure, MemberAct, Original, Photo, Picture, PostPage, Rendition, Upload
from ..models.pictures import PictureKind
from ..states import TeamState
from .erase_post import erase_post, note_erasure
from .take_down_photo import take_down_photo
from .take_down_post import take_down_post


def erase_by_order(post, *, by, reason, everywhere=False):
    """Destroy `post`: photos, originals, renditions, and whatever quotes it. Returns until when backups still hold it.

    Where its author shows the same files elsewhere they go there as well; where another member does, it is refused, unless
    the order is for the files themselves: `everywhere`. Refused while something of it is evidence. Raises PermissionDenied,
    or ValidationError without a reason and for what is refused; what a storage raises goes on, and nothing is lost by
    calling again.
    """
    reason = reason.strip()
    check(post, by, reason)
    originals = list(Original.objects.filter(pictures__photo__post=post).distinct().order_by("pk"))
    check_files(post, originals, everywhere)
    elsewhere = list(shown_elsewhere(post, originals).select_related("picture__original", "post__author"))
    hide(post, elsewhere, by=by, reason=reason)
    post = PostPage.objects.select_related("author", "gallery").get(pk=post.pk)
    for original in originals:
        erasing.forget_file(original, by=by, reason=reason)
        destroy_file(original, reason)
    for photo in elsewhere:
        forget_elsewhere(photo, originals, by=by, reason=reason)
    if not erase_post(post, first=partial(forget_around, by=by, reason=reason), why=why(reason), reason=reason):
        raise ValidationError(_("Its files cannot be deleted now. What is done is done; please try again later."))
    return Erasure.objects.get(kind=Erasure.Kind.POST, sha256=Erasure.digest(post.short_id)).in_backups_until


def check(post, by, reason):
    if not permissions.may_erase(by):
        raise PermissionDenied(_("Only administrators erase posts."))
    if post.author_id == by.pk:
        raise PermissionDenied(_("Somebody else must decide about what is yours."))
    if not reason:
        raise ValidationError({"reason": _("Say why: by whose order, or by which right.")})


def check_files(post, originals, everywhere):
    """Raise ValidationError where something of `post` is evidence, held, or not this member's alone."""
    if holds.is_held(post) or any(map(holds.is_original_held, originals)):
        raise ValidationError(_("It is evidence in a case: nothing of it can be erased before the case lets it go."))
    if post.team_state == TeamState.HELD:
        raise ValidationError(_("It is held for review: decide about that first."))
    if Picture.objects.filter(original__in=originals, kind=PictureKind.EDITORIAL).exists():
        raise ValidationError(_("The image library uses the same file: delete it there first."))
    if not everywhere and used_by_others(post, originals):
        raise ValidationError(
            _("Another member shows the same file. Erase it there as well if the order is for the file itself."),
            code="used_by_others",
        )


def used_by_others(post, originals):
    """Whether somebody but the author of `post` shows one of the files now."""
    live = (
        shown_elsewhere(post, originals)
        .current()
        .filter(team_state=TeamState.NONE)
        .exclude(post__author=post.author_id)
    )
    return live.filter(post__in=PostPage.objects.visible()).exists() or any(
        erasing.uses_file(original, post.author) for original in originals
    )


def shown_elsewhere(post, originals):
    """The photos of other posts, in any state, that have one of the files."""
    return Photo.objects.filter(picture__original__in=originals).exclude(post=post).order_by("post", "pk")


def hide(post, elsewhere, *, by, reason):
    """Take everything out of reach first, by the acts that do so: told, logged, with receipts, and quick."""
    if post.team_state != TeamState.TAKEN_DOWN:
        take_down_post(post, by=by, reason=reason)
    for photo in elsewhere:
        photo.refresh_from_db()
        photo.post.refresh_from_db()
        if photo.removed_at is None and TeamState.NONE == photo.team_state == photo.post.team_state:
            take_down_photo(photo, by=by, reason=reason)


def destroy_file(original, reason):
    """Delete one original from the vault, under its row's lock; its row goes with the last picture. May be done twice."""
    with transaction.atomic():
        if not Original.objects.select_for_update().filter(pk=original.pk).exists():
            return
        Upload.objects.filter(original=original).delete()
        note_erasure(Erasure.Kind.ORIGINAL, original.sha256, reason)
        vault().remove_original(original.name, why=why(reason))


def forget_elsewhere(photo, originals, *, by, reason):
    """Destroy one photo of another post; the whole post where nothing else is in it."""
    post = PostPage.objects.select_related("author", "gallery").filter(pk=photo.post_id).first()
    if post is None or not Photo.objects.filter(pk=photo.pk).exists():
        return  # it went with another photo
    if not post.photos.exclude(picture__original__in=originals).exists():
        erase_post(post, first=partial(forget_around, by=by, reason=reason), why=why(reason), reason=reason)
        return
    for name in Rendition.objects.filter(image=photo.picture_id).values_list("file", flat=True):
        vault().delete(name)
    with transaction.atomic():
        post = lock(post)
        forget_photos(list(Photo.objects.filter(pk=photo.pk)), why=why(reason))
        bring_in_step(post)
        write_down_staff(post, "pixlpix.erase_photo", by=by, photo=photo.key, reason=reason)
        ledger.enter("photo.erased", post, photo=photo.key)


def forget_around(post, *, by, reason):
    """In the transaction that deletes the rows of `post`: what quotes it, here and in other apps, and the last of the log."""
    keys = list(post.photos.values_list("pk", flat=True))
    write_down_staff(post, "pixlpix.erase", by=by, reason=reason, until=in_backups_until().isoformat())
    erasing.forget_post(post)
    # The file stays banned; which post it was is nobody's business any more.
    BannedPicture.objects.filter(about=post.short_id).update(about=Erasure.digest(post.short_id)[:10])
    MemberAct.objects.filter(kind=MemberAct.Kind.POST, key=post.short_id).delete()
    pages = ContentType.objects.get_for_models(Page, PostPage, for_concrete_models=False).values()
    Revision.objects.filter(Q(content_type__in=pages) | Q(base_content_type__in=pages), object_id=str(post.pk)).delete()
    forget_tasks(post, keys)


def forget_tasks(post, photos):
    """Delete what the queue keeps of tasks on these photos, and every traceback that names the post."""
    if not apps.is_installed("django_tasks_db"):
        return
    results = apps.get_model("django_tasks_database", "DBTaskResult").objects
    for key in photos:
        results.filter(task_path="gallery.tasks.process_photo", args_kwargs={"args": [key], "kwargs": {}}).delete()
    results.filter(traceback__contains=post.short_id).delete()


def in_backups_until():
    """Until when backups that are made before now are kept."""
    return timezone.now() + timedelta(days=settings.BACKUP_DAYS)


def why(reason):
    return f"erased by order: {reason}"
