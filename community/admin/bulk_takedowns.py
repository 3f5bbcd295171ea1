"""The console's takedown of all posts of a member: the form that begins it, how far it is, and what staff do with it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions

from ..actions.decide_case import undo_decision
from ..actions.take_down_all import take_down_all
from ..bulk_takedowns import posts_to_take_down, stop, try_again
from ..cases import cases_for
from ..models import BulkTakedown, BulkTakedownPost, Decision, DecisionTemplate
from ..permissions import may_undo_decision
from .base import ConsoleFormView, ConsoleMixin, ConsoleView
from .decisions import DecideForm, UndoForm
from .members import OneMember

MOST_FAILURES = 50  # that the page names
Row = BulkTakedownPost.State


class TakeAllForm(DecideForm):
    """The rule, and what is told: as of a decision, with the words that there are for this one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].queryset = DecisionTemplate.objects.filter(act=Decision.Act.TAKE_ALL)


class BeginView(OneMember, ConsoleFormView):
    """Take all posts of one member down: how many there are, and what the member is told. `?case=` makes it that case's."""

    may = staticmethod(permissions.may_take_down)
    template_name = "community/admin/take_down_all.html"
    form_class = TakeAllForm
    page_title = _("Take down all posts")
    button = _("Take them all down")
    serious = True

    @cached_property
    def case(self):
        if not self.request.GET.get("case"):
            return None
        case = cases_for(self.request.user).filter(key=self.request.GET["case"][:10], member=self.member.pk).first()
        if case is None:
            raise Http404
        return case

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "case": self.case}

    def get_initial(self):
        return {"rule": self.case.category} if self.case else {}

    def get_context_data(self, **kwargs):
        many = posts_to_take_down(self.member).count()
        return super().get_context_data(member=self.member, case=self.case, many=many, **kwargs)

    def form_valid(self, form):
        rule, note = form.cleaned_data["rule"], form.cleaned_data["note"]
        told = form.words_for(rule)
        try:
            decision = take_down_all(self.member, by=self.request.user, rule=rule, told=told, note=note, case=self.case)
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        if decision.state == Decision.State.PROPOSED:
            messages.warning(self.request, gettext("Proposed: a second moderator must agree."))
            return redirect("console_cases:case", self.case.key)
        return redirect("console_bulk:job", decision.bulk.key)


class OneJob:
    """Finds the takedown of the address; for who may not see its case, and of what is one's own, there is none."""

    section = ("console_members:index", _("Members"))
    header_icon = "user"
    may = staticmethod(permissions.may_take_down)

    @cached_property
    def job(self):
        jobs = BulkTakedown.objects.select_related("member", "by", "undone_by", "decision__case")
        job = jobs.exclude(member=self.request.user.pk).filter(key=self.kwargs["key"]).first()
        if job is None or (
            job.decision.case_id and not cases_for(self.request.user).filter(pk=job.decision.case_id).exists()
        ):
            raise Http404
        return job

    def get_page_subtitle(self):
        return self.job.member.username

    def get_success_url(self):
        return reverse("console_bulk:job", args=[self.job.key])


class JobView(OneJob, ConsoleView):
    """How far it is: asks for itself again while something is left to do, and goes without scripts by loading it anew."""

    template_name = "community/admin/bulk_takedown.html"
    page_title = _("Take down all posts")

    def get(self, request, *args, **kwargs):
        if request.htmx:
            return render(request, "community/admin/partials/bulk_takedown.html", self.about_job())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self.about_job(), **kwargs)

    def about_job(self):
        job = self.job
        done, most = job.steps
        failed = job.posts.filter(state__in=(Row.FAILED, Row.STUCK)).select_related("post").order_by("pk")
        return {
            "job": job,
            "done": done,
            "most": most,
            "failures": list(failed[:MOST_FAILURES]),
            "may_undo": job.decision.is_in_force and may_undo_decision(self.request.user, job.decision),
        }


class JobActView(ConsoleMixin, OneJob, View):
    """What a button on that page does; sent by POST, it leads back there."""

    http_method_names = ["post"]
    act = None

    def post(self, request, *args, **kwargs):
        try:
            type(self).act(self.job, by=request.user)
        except (PermissionDenied, ValidationError) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect(self.get_success_url())


class StopView(JobActView):
    """End it: what is down stays down."""

    act = staticmethod(stop)


class AgainView(JobActView):
    """Try those again that failed."""

    act = staticmethod(try_again)


class UndoAllView(OneJob, ConsoleFormView):
    """Undo the decision: the posts that it took down come back."""

    form_class = UndoForm
    page_title = _("Bring the posts back")
    button = _("Bring them back")

    def dispatch(self, request, *args, **kwargs):
        if self.may(request.user) and not may_undo_decision(request.user, self.job.decision):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            undo_decision(self.job.decision, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        return redirect(self.get_success_url())


class BulkTakedownsViewSet(ViewSet):
    """Below /admin/takedowns/."""

    name = "console_bulk"
    url_prefix = "takedowns"

    def get_urlpatterns(self):
        return [
            path("of/<str:username>/", BeginView.as_view(), name="begin"),
            path("<str:key>/", JobView.as_view(), name="job"),
            path("<str:key>/stop/", StopView.as_view(), name="stop"),
            path("<str:key>/again/", AgainView.as_view(), name="again"),
            path("<str:key>/undo/", UndoAllView.as_view(), name="undo"),
        ]
