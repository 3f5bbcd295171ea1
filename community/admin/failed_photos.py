"""The console's list of pictures that could not be processed: refused by decoding, or given up after many tries."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions
from gallery.actions.retry_photo import retry_photo
from gallery.keyset import page_of
from gallery.models import Photo
from gallery.processing import MOST_ATTEMPTS
from gallery.states import ProcessingState

from .base import ConsoleView

PAGE = 50


class FailedPhotosView(ConsoleView):
    """Photos that failed, newest first, by keyset; without pictures, since there are none. Nothing is counted."""

    template_name = "community/admin/failed_photos.html"
    page_title = _("Pictures that could not be processed")
    header_icon = "warning"
    section = ("console_failed_photos:index", _("Pictures that could not be processed"))

    def get_context_data(self, **kwargs):
        failed = Photo.objects.current().filter(state=ProcessingState.FAILED).select_related("post__author")
        page = page_of(failed, self.request.GET.get("after", ""), size=PAGE, at="created_at", key="key")
        for photo in page:
            photo.was_given_up = photo.attempts >= MOST_ATTEMPTS
        return super().get_context_data(page=page, may_retry=permissions.may_take_down(self.request.user), **kwargs)


@require_POST
def try_again(request, key):
    """Have one processed again, whatever failed: a storage, a worker, a limit that was raised since."""
    if not permissions.may_take_down(request.user):
        raise PermissionDenied
    photo = Photo.objects.select_related("post").filter(key=key).first()
    if photo is None:
        raise Http404
    retry_photo(photo, by=request.user)
    messages.success(request, gettext("It is tried again. If it fails, it comes back to this list."))
    return redirect("console_failed_photos:index")


class FailedPhotosViewSet(ViewSet):
    """Below /admin/failed-photos/."""

    name = "console_failed_photos"
    url_prefix = "failed-photos"

    def get_urlpatterns(self):
        return [
            path("", FailedPhotosView.as_view(), name="index"),
            path("<str:key>/try-again/", try_again, name="try_again"),
        ]
