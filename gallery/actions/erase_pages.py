"""Erase the pages of a member who never had anything public: the one way in which members' pages are deleted."""

from django.db import router, transaction
from django.db.models import F
from django.db.models.deletion import Collector
from wagtail.models import Page

from ..models import GalleryPage, MemberPage, MembersPage, PostPage


def erase_empty_pages(user):
    """Delete the member's page and galleries of `user`, who has no posts. Raises ValueError where there is one."""
    if PostPage.objects.of(user).exists():
        raise ValueError(f"{user} has posts: their pages stay.")
    with transaction.atomic():
        page = MemberPage.objects.filter(user=user).first()
        if page is None:
            return
        # The deletion is collected here, rather than by treebeard, to mark each page that the guard would refuse.
        collector = Collector(using=router.db_for_write(Page))
        collector.collect(list(Page.objects.filter(path__startswith=page.path)))
        for model in (MemberPage, GalleryPage):
            for instance in collector.data.get(model, ()):
                instance.may_be_erased = True
        collector.delete()
        MembersPage.objects.filter(path=page.path[: -page.steplen]).update(numchild=F("numchild") - 1)
