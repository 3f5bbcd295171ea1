"""Wagtail's report of what staff did, without what its reader may not know: cases that they do not see, what was decided for
child safety, and what others did with what is the reader's own."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.models import ModelLogEntry

from gallery.acts import CONFIDENTIAL
from gallery.models import GalleryPage, MemberPage, PostPage

from ..cases import cases_for
from ..models import Case, User
from ..permissions import may_handle_child_safety


class HistoryView(LogEntriesView):
    """The site history as its reader may read it, on the page, in its filter and in its exports."""

    def filter_queryset(self, entries):
        return super().filter_queryset(readable_by(self.request.user, entries))


def readable_by(staff, entries):
    """The part of `entries`, of either log of Wagtail's, that `staff` may read."""
    if not may_handle_child_safety(staff):
        entries = entries.filter(**{f"data__{CONFIDENTIAL}__isnull": True})
    others = ~Q(user=staff.pk)
    if entries.model is ModelLogEntry:
        types = ContentType.objects.get_for_models(Case, User)
        seen = cases_for(staff).annotate(as_text=Cast("pk", CharField())).values("as_text")
        entries = entries.exclude(Q(content_type=types[Case]) & ~Q(object_id__in=seen))
        return entries.exclude(others, content_type=types[User], object_id=str(staff.pk))
    own = Q(page__in=PostPage.objects.filter(author=staff.pk).values("pk"))
    own |= Q(page__in=GalleryPage.objects.filter(author=staff.pk).values("pk"))
    own |= Q(page__in=MemberPage.objects.filter(user=staff.pk).values("pk"))
    return entries.exclude(others & own)


page = never_cache(require_admin_access(HistoryView.as_view()))
results = never_cache(require_admin_access(HistoryView.as_view(results_only=True)))
