"""Who is signed in, with what nearly every page of theirs needs beside the account."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from . import policies
from .models import User
from .staff_rights import load_rights

KNOWN = "_group_perm_cache"  # Django's own name


class MemberBackend(AuthenticationBackend):
    """allauth's, whose member comes with their profile and numbers, with Wagtail's settings of theirs, and knows whether they
    are in any group: one query a request, and for staff one more. Which policy is in force comes along where no cache knows."""

    def get_user(self, user_id):
        """The member of a session, or None for one who may not sign in."""
        groups = User.groups.through.objects.filter(user=OuterRef("pk"))
        users = User.objects.select_related("profile", "counts", "wagtail_userprofile").annotate(
            in_a_group=Exists(groups)
        )
        user = policies.asked_along(users).filter(pk=user_id).first()
        policies.remember_from(user)
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj, obj=None):
        """None: rights come by groups alone. Asking for a member's own would be one query more on every page."""
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        """None, without a query, for a member who comes from `get_user` and is in no group: nearly everybody."""
        if not getattr(user_obj, "in_a_group", True) and not user_obj.is_superuser:
            return set()
        if user_obj.is_superuser or not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return super().get_group_permissions(user_obj, obj)
        if not hasattr(user_obj, KNOWN):
            setattr(user_obj, KNOWN, load_rights(user_obj))
        return getattr(user_obj, KNOWN)

    def get_all_permissions(self, user_obj, obj=None):
        """What the member's groups may do."""
        return self.get_group_permissions(user_obj, obj)
