"""What is going on with editorial pages, on the console's home page: one list in place of Wagtail's four, which ask for
every page in them one by one."""

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from wagtail.admin.ui.components import Component
from wagtail.models import Page, WorkflowState
from wagtail.permissions import policy_registry

MOST = 10
WAGTAILS = {
    "UserObjectsInWorkflowModerationPanel", "WorkflowObjectsToModeratePanel", "RecentEditsPanel", "LockedPagesPanel",
}  # fmt: skip


class EditorialPanel(Component):
    """The pages that were edited last, whoever did: which wait for a review, which are locked, which have a draft."""

    name = "editorial"
    order = 210
    template_name = "community/admin/editorial_panel.html"

    def get_context_data(self, parent_context):
        return {"pages": edited_last()}


def edited_last():
    """The MOST editorial pages that were edited last, each with `waits`. One query: members' pages have no revisions."""
    reviews = WorkflowState.objects.active().filter(
        base_content_type__app_label="wagtailcore",
        base_content_type__model="page",
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    pages = Page.objects.filter(latest_revision__isnull=False).select_related("latest_revision__user", "locked_by")
    return list(pages.annotate(waits=Exists(reviews)).order_by("-latest_revision_created_at", "-pk")[:MOST])


def show_editorial_pages(request, panels):
    """Hook `construct_homepage_panels`: for whoever edits pages."""
    panels[:] = [panel for panel in panels if type(panel).__name__ not in WAGTAILS]
    if policy_registry.get_by_type(Page).user_has_any_permission(request.user, {"add", "change"}):
        panels.append(EditorialPanel())
