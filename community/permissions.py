"""Who of the staff may do what to people, as plain predicates. What concerns posts and galleries stands in gallery's."""


def may_enter_console(user):
    """Enter the Wagtail admin: members of a staff group."""
    return user.is_authenticated and user.is_active and user.has_perm("wagtailadmin.access_admin")


def may_suspend(user):
    """Suspend members and lift a suspension: moderators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("gallery.change_memberpage")


def may_see_members(user):
    """See the console's list of members: moderators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.view_user")


def may_choose_staff(user):
    """Invite staff, and give people a group or take it: administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.change_user")


def may_write_policies(user):
    """Write and publish policy versions: administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.add_policyversion")
