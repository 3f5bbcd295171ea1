"""Wagtail's bulk actions on pages and people: Unpublish and Delete take down, Delete and Deactivate suspend.

Wagtail asks the base page for permissions, which knows nothing of members' pages; these ask the specific one.
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, SetActiveStateBulkAction
from wagtail.users.views.bulk_actions import DeleteBulkAction as DeleteUsersBulkAction

from gallery import permissions

from .. import permissions as people
from .standing import suspend_in_admin
from .tree import editorial_only, is_members_thing, remove_in_admin


class SpecificPages:
    """Permissions are the specific page's, and "all in this listing" means all that the listing shows."""

    def check_perm(self, page):
        return super().check_perm(page.specific)

    def get_actionable_objects(self):
        # What cannot be acted on is named: members' things not to those who may not look.
        pages, others = super().get_actionable_objects()
        if not permissions.may_look(self.request.user):
            left_out = others["items_with_no_access"]
            others["items_with_no_access"] = [page for page in left_out if not is_members_thing(page)]
        return pages, others

    def get_all_objects_in_listing_query(self, parent_id):
        listed = super().get_all_objects_in_listing_query(parent_id)
        return editorial_only(self.model.objects.filter(pk__in=listed)).values_list("pk", flat=True)


class RemovesMembersThings(SpecificPages):
    """Members' things are taken down; what Wagtail itself does is left for the others."""

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        members = [page for page in objects if is_members_thing(page)]
        for page in members:
            remove_in_admin(page, by=user)
        others = [page.specific for page in objects if not is_members_thing(page)]
        parents, children = super().execute_action(others, user=user, **kwargs)
        return parents + len(members), children


class DeletePages(RemovesMembersThings, DeleteBulkAction):
    """Delete, in the explorer."""


class UnpublishPages(RemovesMembersThings, UnpublishBulkAction):
    """Unpublish, in the explorer."""


class MovePages(SpecificPages, MoveBulkAction):
    """Move, in the explorer."""


class PublishPages(SpecificPages, PublishBulkAction):
    """Publish, in the explorer."""


class SuspendsPeople:
    """Nobody is deleted or deactivated: accounts are suspended, by whoever may."""

    def check_perm(self, user):
        return people.may_suspend(self.request.user) and user.pk != self.request.user.pk

    def get_execution_context(self):
        return {**super().get_execution_context(), "user": self.request.user}

    @classmethod
    def execute_action(cls, objects, user=None, mark_as_active=False, **kwargs):
        if mark_as_active:
            raise PermissionDenied(_("A suspension is lifted on the member's own page, with a reason."))
        for member in objects:
            suspend_in_admin(member, by=user)
        return len(objects), 0


class DeleteUsers(SuspendsPeople, DeleteUsersBulkAction):
    """Delete, in the list of users."""


class DeactivateUsers(SuspendsPeople, SetActiveStateBulkAction):
    """Set active state, in the list of users."""


class AssignRole(AssignRoleBulkAction):
    """Assign role, in the list of users: administrators alone."""

    def check_perm(self, user):
        return people.may_choose_staff(self.request.user)


BULK_ACTIONS = [DeletePages, UnpublishPages, MovePages, PublishPages, DeleteUsers, DeactivateUsers, AssignRole]
