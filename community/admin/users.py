"""Wagtail's section of users: staff are given their groups there, and nothing else is done there.

Accounts come by joining, with consent; they are never deleted or deactivated, but suspended. Names, addresses and
passwords are their owner's.
"""

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail.admin import messages
from wagtail.users.views.users import DeleteView, EditView, HistoryView, IndexView, UserViewSet

from gallery.acts import write_down_staff

from .. import permissions as people
from ..devices import end_devices, present_key
from ..models import User
from .site_history import readable_by
from .standing import suspend_in_admin


class GroupsForm(forms.ModelForm):
    """The groups of one person."""

    groups = forms.ModelMultipleChoiceField(
        queryset=Group.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, editing_self=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.editing_self = editing_self

    class Meta:
        model = User
        fields = ["groups"]

    def clean_groups(self):
        """Nobody locks themselves out of choosing staff."""
        groups = self.cleaned_data["groups"]
        if self.editing_self and not groups.filter(permissions__codename="change_user").exists():
            raise forms.ValidationError(_("You cannot take your own group away: ask another administrator."))
        return groups


class PeopleIndexView(IndexView):
    """Staff alone: members have a list of their own, which does not count a million rows for its page numbers."""

    page_title = _lazy("Staff")

    def get_base_queryset(self):
        return super().get_base_queryset().filter(groups__isnull=False).distinct()

    def get_delete_url(self, instance):
        return None

    def get_add_url(self):
        return None


class PersonEditView(EditView):
    """One person's groups, for administrators."""

    template_name = "community/admin/user_edit.html"

    def get_form_class(self):
        return GroupsForm

    def save_instance(self):
        before = set(self.object.groups.values_list("name", flat=True))
        person = super().save_instance()
        after = set(person.groups.values_list("name", flat=True))
        if before != after:
            write_down_staff(person, "pixlpix.groups", by=self.request.user, before=sorted(before), after=sorted(after))
            # What they may do is another thing now: they sign in anew, but for who changes their own groups.
            own = person.pk == self.request.user.pk
            end_devices(person, but=present_key(self.request) if own else "")
        return person


class PersonDeleteView(DeleteView):
    """Deleting a person becomes suspending them."""

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not people.may_suspend(request.user) or self.object.pk == request.user.pk:
            raise PermissionDenied
        console = reverse("console_members:member", args=[self.object.username])
        if request.method != "POST":
            return redirect("console_members:suspend", self.object.username)
        suspend_in_admin(self.object, by=request.user)
        messages.success(request, _("Accounts are never deleted here: suspended instead, “Removed in the admin”."))
        return redirect(console)


class PersonHistoryView(HistoryView):
    """What staff did about one person, for everybody but that person."""

    def get_base_queryset(self):
        return readable_by(self.request.user, super().get_base_queryset())


class StaffUserViewSet(UserViewSet):
    """Wagtail's users, for administrators: `community.apps.StaffUsersConfig` names it."""

    index_view_class = PeopleIndexView
    edit_view_class = PersonEditView
    delete_view_class = PersonDeleteView
    history_view_class = PersonHistoryView
    copy_view_enabled = False
    menu_label = _lazy("Staff")
