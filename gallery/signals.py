"""Receivers, only where Wagtail leaves no other way in. Each says who sends it."""

from django.db.models import ProtectedError
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _
from modelsearch.index import remove_object
from modelsearch.tasks import insert_or_update_object_task
from wagtail.signals import page_unpublished

from .models import GalleryPage, MemberPage, MembersPage, Picture, PostPage
from .publication import close_picture_publication


@receiver(pre_delete, sender=PostPage)
@receiver(pre_delete, sender=GalleryPage)
@receiver(pre_delete, sender=MemberPage)
@receiver(pre_delete, sender=MembersPage)
def refuse_deletion(sender, instance, **kwargs):
    """Sent by treebeard's cascade, by Wagtail's delete action and by anybody's `delete()`.

    A members' page goes by Erase alone: it sets `may_be_erased` on the instance.
    """
    if not getattr(instance, "may_be_erased", False):
        raise ProtectedError(_("Members' pages are never deleted: take them down instead."), {instance})


@receiver(pre_delete, sender=Picture)
def withdraw_deleted_picture(sender, instance, **kwargs):
    """Sent when staff delete an editorial picture in the image library. (A member's is protected by its photo.)"""
    close_picture_publication(instance)


@receiver(post_save, sender=Picture)
def index_editorial_picture(sender, instance, raw=False, **kwargs):
    """Sent by every save. Wagtail's own receiver would queue work for members' pictures too."""
    if instance.is_editorial and not raw:
        insert_or_update_object_task.enqueue("gallery", "picture", str(instance.pk))


@receiver(post_delete, sender=Picture)
def unindex_editorial_picture(sender, instance, **kwargs):
    """Sent when staff delete an editorial picture."""
    if instance.is_editorial:
        remove_object(instance)


@receiver(page_unpublished)
def take_down_what_was_unpublished(sender, instance, **kwargs):
    """Sent by Wagtail's unpublish action, its bulk action, its API and its scheduler for expired pages.

    The scheduler works on base pages and reaches neither `PostPage.unpublish` nor `PostPage.save`.
    """
    from .actions.take_down_in_admin import take_down_in_admin

    specific = instance.specific
    if isinstance(specific, PostPage | GalleryPage):
        take_down_in_admin(specific)
