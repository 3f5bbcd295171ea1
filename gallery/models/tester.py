"""What Wagtail may offer staff on members' pages: looking, and a takedown under Wagtail's own words."""

from wagtail.models import PagePermissionTester

from .. import permissions


class MembersPagePermissionTester(PagePermissionTester):
    """Unpublish and Delete for those who may take down (they become a takedown); nothing else, for nobody.

    No edit, copy, move, lock, workflow or schedule: each has been seen to publish or to lose what is not staff's.
    `can_edit` lets the console's read-only view be reached from Wagtail's listings, which link there.
    """

    def can_edit(self):
        return permissions.may_look(self.user)

    def can_delete(self, ignore_bulk=False):
        return permissions.may_take_down(self.user)

    def can_unpublish(self):
        return self.page.live and permissions.may_take_down(self.user)

    def no(self, *args, **kwargs):
        return False

    can_add_subpage = can_copy = can_copy_to = can_lock = can_move = can_move_to = no
    can_publish = can_publish_subpage = can_reorder_children = can_set_view_restrictions = no
    can_submit_for_moderation = can_unlock = can_unschedule = can_view_revisions = no


class MembersRootPermissionTester(MembersPagePermissionTester):
    """The page that all members stand below: looked at, never changed, since every act on it would be one on them all."""

    no = MembersPagePermissionTester.no
    can_edit = can_delete = can_unpublish = no
