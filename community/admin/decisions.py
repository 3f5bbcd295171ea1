"""Deciding in the console: the form on a case's page, undoing, the second moderator, and the words that members are told."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from ..actions.decide_case import MOST_WORDS, confirm_decision, decide_case, refuse_decision, undo_decision
from ..carrying_out import ACTS
from ..cases import cases_for, next_case, parts_reported
from ..models import Case, Decision, DecisionTemplate
from ..models.cases import Category, ProfilePart
from ..permissions import may_see_cases, may_undo_decision
from .base import ConsoleFormView, ConsoleMixin
from .decision_words import words_of

Act = Decision.Act
# The key of each decision, written on its button; j, c and x are the page's own.
KEYS = {Act.NO_ACTION: "n", Act.SENSITIVE: "s", Act.LIMIT: "l", Act.TAKE_DOWN: "t", Act.WARN: "w", Act.SUSPEND: "u"}
SERIOUS = frozenset({Act.TAKE_DOWN, Act.WARN, Act.SUSPEND})
# What the moderator reads after each.
DONE = {
    Act.NO_ACTION: _("Closed: nothing was done."),
    Act.SENSITIVE: _("Marked as sensitive."),
    Act.LIMIT: _("Limited."),
    Act.TAKE_DOWN: _("Taken down."),
    Act.WARN: _("Taken down, and the member is warned."),
    Act.SUSPEND: _("The member is suspended."),
    Act.TAKE_ALL: _("All posts of the member are being taken down."),
}


class DecideForm(forms.Form):
    """The rule, and what is told. Its buttons are the decisions: each sends its own name."""

    rule = forms.ChoiceField(label=_("The rule that was broken"), choices=Category.choices)
    words = forms.TypedChoiceField(label=_("Words"), required=False, empty_value=None)
    told = forms.CharField(
        label=_("Or in your own words"),
        help_text=_("The member is told this."),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    parts = forms.MultipleChoiceField(
        label=_("What goes"),
        help_text=_("If it is taken down: of the profile, what you tick."),
        choices=ProfilePart.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("Note"), help_text=_("For the team alone."), max_length=MOST_WORDS, required=False)

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        templates = {str(template.pk): template for template in words_of(case)} if case else {}
        usual = ("", _("The usual ones for the decision and the rule"))
        words = self.fields["words"]
        words.choices = [usual, *((pk, label_of_words(template)) for pk, template in templates.items())]
        words.coerce = templates.get
        if case is None or case.kind != Case.Kind.PROFILE:
            del self.fields["parts"]
        elif not self.is_bound:
            self.fields["parts"].initial = parts_reported(case)

    def words_for(self, rule):
        """What the member is told: own words before chosen ones; nothing for the usual ones."""
        chosen = self.cleaned_data.get("words")
        return self.cleaned_data["told"] or (chosen.filled(rule) if chosen else "")


def label_of_words(template):
    """How words for a decision stand in a choice: decision, rule and name."""
    parts = [template.get_act_display(), template.get_rule_display() if template.rule else "", template.name]
    return " · ".join(str(part) for part in parts if part)


def buttons_of(case):
    """The decisions that there are of `case`, each with its key."""
    return [
        {"act": act.value, "label": act.label, "key": KEYS[act], "serious": act in SERIOUS} for act in ACTS[case.kind]
    ]


def decide(view, form):
    """Carry out what was pressed, and lead to the next case; what is refused is said in the form."""
    case, request = view.case, view.request
    act, rule = request.POST.get("act", ""), form.cleaned_data["rule"]
    own = {"note": form.cleaned_data["note"], "parts": form.cleaned_data.get("parts", ())}
    try:
        decision = decide_case(case, by=request.user, act=act, rule=rule, told=form.words_for(rule), **own)
    except (PermissionDenied, ValidationError) as refusal:
        form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
        return view.form_invalid(form)
    say(request, case, decision)
    following = next_case(request.user, but=case)
    return redirect("console_cases:case", following.key) if following else redirect("console_cases:index")


def say(request, case, decision):
    """Tell the moderator what became of the case that they have just left."""
    buttons = [messages.button(reverse("console_cases:case", args=[case.key]), gettext("Look at it"))]
    if decision.state == Decision.State.PROPOSED:
        messages.warning(request, gettext("Proposed: a second moderator must agree."), buttons=buttons)
        return
    undo = reverse("console_cases:undo", args=[case.key, decision.key])
    messages.success(request, str(DONE[decision.act]), buttons=[messages.button(undo, gettext("Undo")), *buttons])


class OneDecision:
    """Finds the decision of the address, of a case that the moderator may see."""

    section = ("console_cases:index", _("Cases"))
    header_icon = "clipboard-list"
    may = staticmethod(may_see_cases)

    @cached_property
    def decision(self):
        visible = cases_for(self.request.user).filter(key=self.kwargs["key"])
        decisions = Decision.objects.filter(case__in=visible, key=self.kwargs["decision"])
        decision = decisions.select_related("case__member", "member", "by").first()
        if decision is None:
            raise Http404
        return decision

    def get_success_url(self):
        return reverse("console_cases:case", args=[self.kwargs["key"]])


class UndoForm(forms.Form):
    """Why it is undone, for the log."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the team's log alone."),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class UndoView(OneDecision, ConsoleFormView):
    """Undo one decision: what it changed is as it was before, and the case is open again."""

    form_class = UndoForm
    page_title = _("Undo the decision")
    button = _("Undo")

    def get_page_subtitle(self):
        return self.decision.get_act_display()

    def dispatch(self, request, *args, **kwargs):
        if self.may(request.user) and not may_undo_decision(request.user, self.decision):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            undo_decision(self.decision, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        messages.success(self.request, gettext("Undone. The case is open again, in your hands."))
        return redirect(self.get_success_url())


class SecondView(ConsoleMixin, OneDecision, View):
    """What the second moderator answers: POST `answer`, "confirm" or "refuse"."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            if request.POST.get("answer") == "confirm":
                decision = confirm_decision(self.decision, by=request.user)
                messages.success(request, str(DONE[decision.act]))
            else:
                refuse_decision(self.decision, by=request.user, note=request.POST.get("note", "")[:MOST_WORDS])
                messages.success(request, gettext("Refused: the case is in the queue again."))
        except (PermissionDenied, ValidationError) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect(self.get_success_url())


class DecisionWordsViewSet(ModelViewSet):
    """Settings → Words for decisions, for administrators."""

    model = DecisionTemplate
    name = "decision_words"
    url_prefix = "decision-words"
    icon = "openquote"
    menu_label = _("Words for decisions")
    add_to_settings_menu = True
    add_to_reference_index = False
    panels = [FieldPanel("name"), FieldPanel("act"), FieldPanel("rule"), FieldPanel("text")]
    list_display = ["name", "act", "rule"]
    copy_view_enabled = False
