"""The console's cases: the queue, and one case with all that a moderator needs to decide it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.viewsets.base import ViewSet

from ..actions.claim_case import claim_case, release_case
from ..cases import (
    cases_for,
    decisions_for,
    find_cases,
    holder_of,
    next_case,
    page_of_cases,
    reported_by,
    similar_to,
    strikes_of,
    unclaimed,
)
from ..confidential import hidden_among
from ..models.cases import Category, Queue
from ..permissions import may_decide, may_handle_child_safety, may_see_cases
from .base import ConsoleFormView, ConsoleMenuItem, ConsoleMixin, ConsoleSearchArea, ConsoleView
from .case_parts import compared, look_alikes_shown, photos_of, write_down_look_at
from .decision_words import with_words
from .decisions import DecideForm, SecondView, UndoView, buttons_of, decide
from .history import history_of
from .reports import reports_of

PAGE = 50
OPEN, WAITING, CLOSED = "", "second", "closed"
STATES = [(OPEN, _("Open")), (WAITING, _("Waits for a second moderator")), (CLOSED, _("Closed"))]
HANDS = [("", _("In anybody’s hands")), ("me", _("In my hands")), ("nobody", _("In nobody’s hands"))]


def menu_item():
    return ConsoleMenuItem(
        _("Cases"), reverse_lazy("console_cases:index"), icon_name="clipboard-list", order=105, may=may_see_cases
    )


def search_area():
    return ConsoleSearchArea(
        _("Cases"), reverse_lazy("console_cases:index"), icon_name="clipboard-list", order=45, may=may_see_cases
    )


class FilterForm(forms.Form):
    """What the queue can be narrowed to. Anything odd narrows nothing."""

    q = forms.CharField(
        label=_("Find"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(
            attrs={"placeholder": _("Caption, @member, #hashtag, reference or address"), "type": "search"}
        ),
    )
    queue = forms.ChoiceField(label=_("Queue"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    hands = forms.ChoiceField(label=_("In hand"), required=False, choices=HANDS)

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        hidden = () if may_handle_child_safety(staff) else (Queue.CHILD_SAFETY, Category.CHILD_SAFETY)
        shown = {"queue": (_("Any queue"), Queue), "category": (_("Any category"), Category)}
        for name, (anything, choices) in shown.items():
            offered = [(value, label) for value, label in choices.choices if value not in hidden]
            self.fields[name].choices = [("", anything), *offered]


def narrowed(cases, wanted, staff):
    """`cases` as the form wants them, and whether those are closed ones."""
    closed = wanted.get("state") == CLOSED
    cases = find_cases(wanted.get("q", ""), cases)
    for name in ("queue", "category"):
        if wanted.get(name):
            cases = cases.filter(**{name: wanted[name]})
    if wanted.get("state") == WAITING:
        cases = cases.filter(decisions__state="proposed")
    if wanted.get("hands") == "me":
        cases = cases.filter(claimed_by=staff.pk).exclude(unclaimed())
    elif wanted.get("hands") == "nobody":
        cases = cases.filter(unclaimed())
    return cases, closed


class CasesSection:
    """What the pages of this section share."""

    section = ("console_cases:index", _("Cases"))
    header_icon = "clipboard-list"
    may = staticmethod(may_see_cases)


class CasesView(CasesSection, ConsoleView):
    """The queue: open cases by urgency and age, or those that are closed, the last closed first."""

    template_name = "community/admin/cases.html"
    page_title = _("Cases")

    def get_context_data(self, **kwargs):
        staff = self.request.user
        form = FilterForm(self.request.GET, staff=staff)
        form.is_valid()
        wanted = form.cleaned_data
        cases, closed = narrowed(cases_for(staff), wanted, staff)
        page = page_of_cases(cases, self.request.GET.get("after", ""), size=PAGE, closed=closed)
        for case in page:
            case.holder = holder_of(case)
        is_narrowed = any(wanted.get(name) for name in form.fields)
        return super().get_context_data(form=form, page=page, closed=closed, is_narrowed=is_narrowed, **kwargs)


class OneCase(CasesSection):
    """Finds the case of the address; to who may not see it there is none."""

    @cached_property
    def case(self):
        cases = cases_for(self.request.user).annotate(is_reported_by_viewer=reported_by(self.request.user))
        cases = cases.select_related(
            "member", "claimed_by", "post__author", "post__gallery", "comment__author", "comment__post__author",
            "comment__post__gallery", "comment__parent",
        )  # fmt: skip
        case = self.with_its_own(cases.filter(key=self.kwargs["key"])).first()
        if case is None:
            raise Http404
        return case

    def with_its_own(self, cases):
        """`cases` with what else the page needs of one."""
        return cases

    def get_page_subtitle(self):
        return self.case.key

    def get_success_url(self):
        return reverse("console_cases:case", args=[self.kwargs["key"]])


class CaseView(OneCase, ConsoleFormView):
    """One case: the picture, what was said of it, what is known of its member; and the form that decides it."""

    template_name = "community/admin/case.html"
    page_title = _("Case")
    form_class = DecideForm

    def with_its_own(self, cases):
        return with_words(cases)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "case": self.case}

    def get_initial(self):
        return {"rule": self.case.category}

    def form_valid(self, form):
        return decide(self, form)

    def get_context_data(self, **kwargs):
        case, staff = self.case, self.request.user
        has_reported = case.is_reported_by_viewer
        write_down_look_at(case, by=staff)
        holder = holder_of(case)
        decisions, about_member = decisions_for(case, staff)
        photos = photos_of(case)
        return super().get_context_data(
            case=case,
            photos=photos,
            clear=bool(self.request.GET.get("clear")),
            facts=list(compared(case, photos)),
            reports=reports_of(case, staff),
            similar=similar_to(case),
            look_alikes=look_alikes_shown(case),
            history=history_of(case.member, staff) if case.member else [],
            decisions=decisions,
            about_member=about_member,
            strikes=strikes_of(about_member),
            holder=holder,
            is_mine=holder == staff,
            may_decide=case.is_open and may_decide(staff, case, reported=has_reported),
            has_reported=has_reported,
            hidden_reasons=hidden_among(staff, [(case.comment.team_reason, case.member)] if case.comment else []),
            proposed=next((made for made in decisions if made.case_id == case.pk and made.state == "proposed"), None),
            standing_decision=next((made for made in decisions if made.case_id == case.pk and made.is_in_force), None),
            acts=buttons_of(case),
            **kwargs,
        )


class CaseActView(ConsoleMixin, OneCase, View):
    """What a button on a case does; sent by POST, it leads back there."""

    http_method_names = ["post"]
    act = None

    def post(self, request, *args, **kwargs):
        try:
            type(self).act(self.case, by=request.user)
        except (PermissionDenied, ValidationError) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect(self.get_success_url())


class ClaimView(CaseActView):
    """Take it in hand."""

    act = staticmethod(claim_case)


class ReleaseView(CaseActView):
    """Give it back."""

    act = staticmethod(release_case)


class NextView(ConsoleMixin, CasesSection, View):
    """Leads to the case that waits for whoever asks, or to the queue."""

    def get(self, request, *args, **kwargs):
        case = next_case(request.user)
        if case is None:
            messages.success(request, gettext("No case waits for you."))
            return redirect("console_cases:index")
        return redirect("console_cases:case", case.key)


class CasesViewSet(ViewSet):
    """Below /admin/cases/."""

    name = "console_cases"
    url_prefix = "cases"

    def get_urlpatterns(self):
        return [
            path("", CasesView.as_view(), name="index"),
            path("next/", NextView.as_view(), name="next"),
            path("<str:key>/", CaseView.as_view(), name="case"),
            path("<str:key>/claim/", ClaimView.as_view(), name="claim"),
            path("<str:key>/release/", ReleaseView.as_view(), name="release"),
            path("<str:key>/<str:decision>/undo/", UndoView.as_view(), name="undo"),
            path("<str:key>/<str:decision>/second/", SecondView.as_view(), name="second"),
        ]
