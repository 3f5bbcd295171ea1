"""The console's section on policies: drafts are written and published here; what is published is only read."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from .. import permissions
from ..actions.publish_policy import publish_policy
from ..models import PolicyVersion, User
from ..models.consent import Service


class PolicyPermissions(ModelPermissionPolicy):
    """A published version is changed and deleted by nobody."""

    def user_has_permission_for_instance(self, user, action, instance):
        if action in ("change", "delete") and instance.published_at is not None:
            return False
        return super().user_has_permission_for_instance(user, action, instance)


class DraftsOnly:
    """A view on one version that leads to reading it where it is published."""

    def dispatch(self, request, *args, **kwargs):
        version = get_object_or_404(PolicyVersion, pk=kwargs["pk"])
        if version.published_at is not None:
            messages.warning(request, _("A published version is only read. Copy it to write a new one."))
            return redirect("policies:inspect", version.pk)
        return super().dispatch(request, *args, **kwargs)


class EditPolicyView(DraftsOnly, generic.EditView):
    @property
    def header_buttons(self):
        url = reverse("policies:publish", args=[self.object.pk])
        return [*super().header_buttons, HeaderButton(_("Publish…"), url=url, icon_name="upload")]


class DeletePolicyView(DraftsOnly, generic.DeleteView):
    pass


class InspectPolicyView(generic.InspectView):
    def get_field_display_value(self, field_name, field):
        if field_name == "text":
            return mark_safe(self.object.shown_text())  # noqa: S308 (cleaned, as members see it)
        if field_name == "companies":
            entries = self.object.company_entries()
            return ", ".join(f"{entry['name']} ({Service(entry['service']).label})" for entry in entries)
        return super().get_field_display_value(field_name, field)


class CopyPolicyView(generic.CopyView):
    """A new draft with the text of an older version, published or not."""

    def get_initial_form_instance(self):
        source = self.get_object()
        return PolicyVersion(title=source.title, text=source.text, companies=source.companies)


class ListPoliciesView(generic.IndexView):
    def get_edit_url(self, instance):
        if instance.published_at is not None:
            return self.get_inspect_url(instance)
        return super().get_edit_url(instance)

    def get_delete_url(self, instance):
        return None if instance.published_at is not None else super().get_delete_url(instance)


class PublishForm(forms.Form):
    """The one choice at publishing."""

    minor = forms.BooleanField(
        label=_("Minor: only a typing mistake is mended, members are not asked again"), required=False
    )


def publish_view(request, pk):
    """Confirm, then publish: says how many members will be asked."""
    if not permissions.may_write_policies(request.user):
        raise PermissionDenied
    version = get_object_or_404(PolicyVersion, pk=pk)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if version.published_at is not None:
        return redirect("policies:inspect", version.pk)
    if request.method == "POST" and form.is_valid():
        try:
            published = publish_policy(version, by=request.user, minor=form.cleaned_data["minor"])
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("policies:edit", version.pk)
        messages.success(request, gettext("%(policy)s is published.") % {"policy": published})
        return redirect("policies:index")
    members = User.objects.members().count()
    asked = ngettext(
        "%(count)d member will be asked to accept it at the next visit.",
        "%(count)d members will be asked to accept it at their next visit.",
        members,
    )
    context = {
        "version": version,
        "form": form,
        "asked": asked % {"count": members},
        "page_title": _("Publish policy"),
        "header_icon": "upload",
    }
    return TemplateResponse(request, "community/admin/publish_policy.html", context)


class PoliciesViewSet(ModelViewSet):
    """Settings → Policies, for administrators."""

    model = PolicyVersion
    name = "policies"
    icon = "doc-full"
    menu_label = _("Policies")
    add_to_settings_menu = True
    panels = [FieldPanel("title"), FieldPanel("summary"), FieldPanel("text"), FieldPanel("companies")]
    ordering = ["-number", "-created_at"]
    list_display = [
        "__str__",
        Column("summary", label=_("What changed")),
        Column("is_minor", label=_("Minor")),
        DateColumn("published_at", label=_("Published")),
    ]
    inspect_view_enabled = True
    inspect_view_fields = [
        "number", "title", "is_minor", "summary", "text", "companies", "text_sha256", "published_at", "published_by",
    ]  # fmt: skip
    index_view_class = ListPoliciesView
    copy_view_class = CopyPolicyView
    edit_view_class = EditPolicyView
    delete_view_class = DeletePolicyView
    inspect_view_class = InspectPolicyView
    add_to_reference_index = False

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("publish/<int:pk>/", publish_view, name="publish")]
