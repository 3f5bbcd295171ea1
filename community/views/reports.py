"""Reporting a post, a comment or a member; and the page on which whoever reported reads what became of it."""

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gallery.keyset import page_of

from ..actions.block import block
from ..actions.file_report import file_report
from ..answering import key_of, path_of
from ..forms_reports import ReportForm
from ..models import Case, Report
from ..models.comments import STANDING
from ..models.users import Standing
from ..reporting import whose
from ..site import absolute
from ..visibility import comments_for, posts_for
from .guards import without_nul
from .members import find_member

PAGE = 20


@never_cache
@without_nul
def report_post(request, short_id):
    """/report/post/<short id>/"""
    post = get_object_or_404(posts_for(request.user).select_related("author", "gallery"), short_id=short_id)
    return answer(request, Case.Kind.POST, post, post.address())


@never_cache
@without_nul
def report_comment(request, key):
    """/report/comment/<key>/"""
    comments = comments_for(request.user).filter(STANDING, post__in=posts_for(request.user).values("pk"))
    related = ("author", "parent", "post__author", "post__gallery")
    comment = get_object_or_404(comments.select_related(*related), key=key)
    return answer(request, Case.Kind.COMMENT, comment, comment.address())


@never_cache
@without_nul
def report_member(request, username):
    """/report/member/<username>/"""
    member = find_member(request.user, username)
    return answer(request, Case.Kind.PROFILE, member, member.get_absolute_url())


def answer(request, kind, thing, back):
    """The form, or what it asks for done: then the page of the report, with its reference."""
    person = whose(kind, thing)
    if person.pk == request.user.pk:
        raise PermissionDenied(_("This is your own: you can change or delete it."))
    can_block = person.standing != Standing.LEFT
    form = ReportForm(
        request.POST or None, user=request.user, can_block=can_block, of_profile=kind == Case.Kind.PROFILE
    )
    if request.method == "POST" and form.is_valid():
        if limited := consume(request, form):
            return limited
        if report := submit(form, kind, thing):
            if form.cleaned_data.get("block"):
                block(request.user, person)
            return thank(request, report)
    context = {"form": form, "kind": str(kind), "person": person, "back": back}
    context["copyright_url"] = f"{reverse('copyright_notice')}?{urlencode({'about': absolute(back)})}"
    return render(request, "community/reports/report.html", context, status=422 if form.is_bound else 200)


def consume(request, form):
    """Count this report; the answer where there were too many lately. A visitor's by their network and by their address."""
    if request.user.is_authenticated:
        return ratelimit.consume_or_429(request, action="report")
    return ratelimit.consume_or_429(request, action="report_visitor", key=form.cleaned_data["email"].lower())


def submit(form, kind, thing, **more):
    """File what a valid form says; returns the Report, or None where the form now says what is wrong with it."""
    cleaned = form.cleaned_data
    facts = {"category": cleaned.get("category"), "text": cleaned.get("text", ""), **form.sender, **more}
    if cleaned.get("parts"):
        facts["details"] = {"parts": cleaned["parts"]}
    try:
        return file_report(kind, thing, **facts)
    except PermissionDenied as refusal:  # gone a moment ago
        raise Http404 from refusal
    except ValidationError as refusal:
        for field, errors in refusal.message_dict.items():
            form.add_error(field if field in form.fields else None, errors)
    return None


def thank(request, report):
    """Lead to the page of a report that has just come in."""
    if report.again:
        messages.info(request, _("You have reported this before: what you said now stands with it."))
    else:
        messages.success(request, _("Thank you. Somebody of our team looks at it."))
    return redirect("report_answer", report.key) if report.reporter_id else redirect(path_of(report))


@never_cache
@without_nul
def report_answer(request, token):
    """/reports/<key>/ for the member who reported, /reports/<signed key>/ for a visitor by the link in our mail."""
    reports = Report.objects.select_related("case")
    if key := key_of(token):
        report = get_object_or_404(reports, key=key, reporter__isnull=True)
    elif ":" in token:
        raise Http404
    elif not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    else:
        report = get_object_or_404(reports, key=token, reporter=request.user)
    response = render(request, "community/reports/answer.html", {"report": report})
    response["Referrer-Policy"] = "no-referrer"  # whoever has the link reads the page
    return response


@never_cache
@login_required
@require_safe
def own_reports(request):
    """/settings/reports/: what one has reported, newest first, in pages, with what was answered.

    It says no more than the reporter did: not whose it was, nor what the case knows of it.
    """
    mine = Report.objects.filter(reporter=request.user).select_related("case")
    page = page_of(mine, request.GET.get("after", ""), size=PAGE, at="created_at", key="key")
    return render(request, "community/settings/reports.html", {"page": page})
