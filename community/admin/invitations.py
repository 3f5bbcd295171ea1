"""Inviting staff in the console: an address, a group, and who was invited and has not come yet."""

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import path, reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from ..actions.invite import invite
from ..models import Invitation
from ..permissions import may_choose_staff
from .base import ConsoleFormView, ConsoleMenuItem

MOST = 100  # open invitations that the page lists


def menu_item():
    """Hook `register_settings_menu_item`."""
    return ConsoleMenuItem(
        _("Invitations"), reverse_lazy("console_invitations:index"), icon_name="mail", order=600, may=may_choose_staff
    )


class InviteForm(forms.Form):
    """Whom, and as what."""

    email = forms.EmailField(
        label=_("Email address"), help_text=_("They join with this address, and pass the same steps as everybody.")
    )
    group = forms.ModelChoiceField(
        label=_("Group"), queryset=Group.objects.order_by("name"), to_field_name="name", empty_label=None
    )


class InvitationsView(ConsoleFormView):
    """Invite somebody; below, the invitations that are open, the last first."""

    may = staticmethod(may_choose_staff)
    section = ("console_invitations:index", _("Invitations"))
    template_name = "community/admin/invitations.html"
    page_title = _("Invitations")
    header_icon = "mail"
    form_class = InviteForm
    button = _("Invite")
    success_url = reverse_lazy("console_invitations:index")

    def get_context_data(self, **kwargs):
        waiting = Invitation.objects.open().select_related("group", "invited_by")
        return super().get_context_data(waiting=waiting[:MOST], **kwargs)

    def form_valid(self, form):
        email, group = form.cleaned_data["email"], form.cleaned_data["group"]
        try:
            _invitation, _link, mailed = invite(email, group.name, by=self.request.user)
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        if mailed:
            messages.success(self.request, gettext("Invited: the link is on its way to %(email)s.") % {"email": email})
        else:
            words = gettext("The mail could not be sent, so nobody has the link. Invite them again once mail works.")
            messages.error(self.request, words)
        return super().form_valid(form)


class InvitationsViewSet(ViewSet):
    """Below /admin/invitations/."""

    name = "console_invitations"
    url_prefix = "invitations"

    def get_urlpatterns(self):
        return [path("", InvitationsView.as_view(), name="index")]
