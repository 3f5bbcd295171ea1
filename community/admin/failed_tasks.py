"""The console's list of background tasks that failed, for whoever runs the site: which, when and by what kind of error.

Not with what arguments, nor the traceback: those may hold what people wrote. The worker's log has them.
"""

from datetime import datetime

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from wagtail.admin.viewsets.base import ViewSet

from gallery.keyset import By, page_in

from ..permissions import may_see_running
from .base import ConsoleView

PAGE = 50
ORDER = (By("finished_at", datetime), By("task_path"))


def failed():
    """Tasks that failed, as long as their results are kept. An index of just these rows serves it."""
    return DBTaskResult.objects.failed().filter(finished_at__isnull=False)


class FailedTasksView(ConsoleView):
    """Failed tasks, the last first, by keyset; nothing is counted."""

    may = staticmethod(may_see_running)
    template_name = "community/admin/failed_tasks.html"
    page_title = _("Failed tasks")
    header_icon = "warning"
    section = ("console_failed_tasks:index", _("Failed tasks"))

    def get_context_data(self, **kwargs):
        tasks = failed().defer("args_kwargs", "return_value", "traceback")
        page = page_in([(tasks, ORDER)], self.request.GET.get("after", ""), size=PAGE)
        for task in page:
            task.error = task.exception_class_path.rpartition(".")[2]
        return super().get_context_data(page=page, **kwargs)


class FailedTasksViewSet(ViewSet):
    """Below /admin/failed-tasks/."""

    name = "console_failed_tasks"
    url_prefix = "failed-tasks"

    def get_urlpatterns(self):
        return [path("", FailedTasksView.as_view(), name="index")]
