"""The console's appeals: those that wait, the oldest first, and answering one, by somebody else than who decided."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery.keyset import By, page_in

from ..actions.appeal import answer_appeal
from ..actions.decide_case import MOST_WORDS
from ..models import Appeal
from ..models.cases import Queue
from ..permissions import may_answer_appeal, may_handle_child_safety, may_see_cases
from .base import ConsoleFormView, ConsoleMenuItem, ConsoleView
from .history import history_of

PAGE = 50
OLDEST = (By("made_at", datetime, False), By("key", str, False))


def menu_item():
    return ConsoleMenuItem(
        _("Appeals"), reverse_lazy("console_appeals:index"), icon_name="openquote", order=106, may=may_see_cases
    )


def appeals_for(staff):
    """The appeals that `staff` may see: those of child safety are for administrators, one's own for others."""
    appeals = Appeal.objects.exclude(decision__member=staff.pk).select_related(
        "decision__member", "decision__by", "decision__second", "decision__case", "by"
    )
    return appeals if may_handle_child_safety(staff) else appeals.exclude(decision__case__queue=Queue.CHILD_SAFETY)


class AppealsSection:
    """What the pages of this section share."""

    section = ("console_appeals:index", _("Appeals"))
    header_icon = "openquote"
    may = staticmethod(may_see_cases)


class AppealsView(AppealsSection, ConsoleView):
    """Appeals that wait for an answer, by keyset over just these."""

    template_name = "community/admin/appeals.html"
    page_title = _("Appeals")

    def get_context_data(self, **kwargs):
        waiting = appeals_for(self.request.user).filter(answered_at__isnull=True)
        page = page_in(((waiting, OLDEST),), self.request.GET.get("after", ""), size=PAGE)
        return super().get_context_data(page=page, **kwargs)


class AnswerForm(forms.Form):
    """Whether the decision stands, and why."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Appeal.Outcome.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Answer"),
        help_text=_("The member is told this."),
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 4}),
    )


class AppealView(AppealsSection, ConsoleFormView):
    """One appeal, with the decision that it is against; answered by who had no part in that."""

    template_name = "community/admin/appeal.html"
    page_title = _("Appeal")
    form_class = AnswerForm
    button = _("Answer")

    @cached_property
    def appeal(self):
        appeal = appeals_for(self.request.user).filter(key=self.kwargs["key"]).first()
        if appeal is None:
            raise Http404
        return appeal

    def get_page_subtitle(self):
        return self.appeal.key

    def get_context_data(self, **kwargs):
        appeal = self.appeal
        return super().get_context_data(
            appeal=appeal,
            decision=appeal.decision,
            may_answer=appeal.answered_at is None and may_answer_appeal(self.request.user, appeal),
            history=history_of(appeal.decision.member, self.request.user),
            **kwargs,
        )

    def form_valid(self, form):
        try:
            appeal = answer_appeal(self.appeal, by=self.request.user, **form.cleaned_data)
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        overturned = appeal.outcome == Appeal.Outcome.OVERTURNED
        messages.success(
            self.request,
            gettext("Answered: the decision is undone.") if overturned else gettext("Answered: it stands."),
        )
        return redirect(reverse("console_appeals:index"))


class AppealsViewSet(ViewSet):
    """Below /admin/appeals/."""

    name = "console_appeals"
    url_prefix = "appeals"

    def get_urlpatterns(self):
        return [
            path("", AppealsView.as_view(), name="index"),
            path("<str:key>/", AppealView.as_view(), name="appeal"),
        ]
