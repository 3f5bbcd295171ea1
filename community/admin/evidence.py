"""Letting the evidence of a case go, and keeping it again, in the console: a form with the reason, for administrators."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from ..actions.keep_evidence import keep_evidence, release_evidence
from ..permissions import may_handle_child_safety
from .base import ConsoleFormView
from .cases import OneCase


class WhyForm(forms.Form):
    """Why: for the team's record."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Stands in the log. The member is not told."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )


class EvidenceView(OneCase, ConsoleFormView):
    """What one case keeps: the other way round than it is now."""

    may = staticmethod(may_handle_child_safety)
    form_class = WhyForm
    serious = True

    def get_page_title(self):
        return gettext("Let the evidence go") if self.case.holds_evidence else gettext("Keep the evidence")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"button": self.get_page_title()}

    def form_valid(self, form):
        act = release_evidence if self.case.holds_evidence else keep_evidence
        try:
            act(self.case, by=self.request.user, reason=form.cleaned_data["reason"])
        except PermissionDenied as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, gettext("It is written down."))
        return redirect(reverse("console_cases:case", args=[self.case.key]))


class EvidenceViewSet(ViewSet):
    """Below /admin/evidence/."""

    name = "console_evidence"
    url_prefix = "evidence"

    def get_urlpatterns(self):
        return [path("<str:key>/", EvidenceView.as_view(), name="evidence")]
