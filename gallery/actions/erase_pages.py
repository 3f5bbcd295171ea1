"""Erase members' pages: the one way in which they are deleted."""

from django.db import router, transaction
from django.db.models import F
from django.db.models.deletion import Collector
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry

from ..models import GalleryPage, MemberPage, MembersPage, PostPage


def erase_empty_pages(user):
    """Delete the member's page and galleries of `user`, who has no posts. Raises ValueError where there is one."""
    if PostPage.objects.of(user).exists():
        raise ValueError(f"{user} has posts: their pages stay.")
    with transaction.atomic():
        page = MemberPage.objects.filter(user=user).first()
        if page is None:
            return
        delete_pages(page)
        MembersPage.objects.filter(path=page.path[: -page.steplen]).update(numchild=F("numchild") - 1)


def delete_pages(page):
    """Inside a transaction: delete `page` and all below it; the parent's count of children is the caller's.

    What Wagtail's log says of them no longer quotes them.
    """
    # The deletion is collected here, rather than by treebeard, to mark each page that the guard would refuse.
    collector = Collector(using=router.db_for_write(Page))
    pages = list(Page.objects.filter(path__startswith=page.path))
    collector.collect(pages)
    for model in (MemberPage, GalleryPage, PostPage):
        for instance in collector.data.get(model, ()):
            instance.may_be_erased = True
    PageLogEntry.objects.filter(page__in=[page.pk for page in pages]).update(label=_("Erased"), deleted=True)
    collector.delete()
