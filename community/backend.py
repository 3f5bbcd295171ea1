"""Who is signed in, with what nearly every page of theirs needs beside the account."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from .models import User


class MemberBackend(AuthenticationBackend):
    """allauth's, whose member comes with their profile and numbers, and knows whether they are in any group: one query a
    request, as before."""

    def get_user(self, user_id):
        """The member of a session, or None for one who may not sign in."""
        groups = User.groups.through.objects.filter(user=OuterRef("pk"))
        users = User.objects.select_related("profile", "counts").annotate(in_a_group=Exists(groups))
        user = users.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj, obj=None):
        """None: rights come by groups alone. Asking for a member's own would be one query more on every page."""
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        """None, without a query, for a member who comes from `get_user` and is in no group: nearly everybody."""
        if not getattr(user_obj, "in_a_group", True) and not user_obj.is_superuser:
            return set()
        return super().get_group_permissions(user_obj, obj)

    def get_all_permissions(self, user_obj, obj=None):
        """What the member's groups may do."""
        return self.get_group_permissions(user_obj, obj)
