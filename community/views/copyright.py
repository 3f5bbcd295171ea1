"""Copyright: how it is dealt with here, a notice about a post, and the answer of its author."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.models import PostPage

from ..actions.file_counter_notice import file_counter_notice, may_answer_notice
from ..forms_reports import CopyrightNoticeForm, CounterNoticeForm
from ..models import Case
from ..models.cases import Category
from ..reporting import whose
from ..visibility import members_for, posts_for
from .guards import without_nul
from .reports import consume, submit, thank


def about(request):
    """/copyright/: what we do about copyright, and where to write."""
    return render(request, "community/reports/copyright.html")


@never_cache
def notice(request):
    """/copyright/notice/: by members and visitors; `?about=` is the address that it begins with."""
    form = CopyrightNoticeForm(
        request.POST or None, user=request.user, initial={"address": request.GET.get("about", "")[:500]}
    )
    if request.method == "POST" and form.is_valid():
        kind, thing = found_at(form.path(), request.user)
        if thing is None:
            form.add_error("address", _("There is no post at this address, or not for you to see."))
        elif limited := consume(request, form):
            return limited
        elif report := file_notice(form, kind, thing):
            return thank(request, report)
    return render(request, "community/reports/notice.html", {"form": form}, status=422 if form.is_bound else 200)


def file_notice(form, kind, thing):
    """File the notice; None where the form now says why not."""
    if whose(kind, thing).pk == form.user.pk:
        form.add_error("address", _("This is your own: you can change or delete it."))
        return None
    return submit(form, kind, thing, category=Category.COPYRIGHT, details=form.details())


def found_at(path, viewer):
    """(kind, thing) of the post, or of the member with their profile picture, whose page is at `path`; (None, None) for
    anything else, and for what `viewer` does not see."""
    try:
        match = resolve(path)
    except Resolver404:
        return None, None
    if "short_id" in match.kwargs and "\0" not in path:
        posts = posts_for(viewer).select_related("author", "gallery")
        post = posts.filter(short_id=match.kwargs["short_id"]).first()
        return (Case.Kind.POST, post) if post else (None, None)
    if match.url_name == "member" and "\0" not in path:
        member = members_for(viewer).filter(username=match.kwargs["username"].lower()).first()
        return (Case.Kind.PROFILE, member) if member else (None, None)
    return None, None


@never_cache
@login_required
@without_nul
def counter(request, short_id):
    """/copyright/counter/<short id>/: of one's own post that was taken down."""
    post = get_object_or_404(PostPage.objects.of(request.user).select_related("author", "gallery"), short_id=short_id)
    if not may_answer_notice(request.user, post):
        raise Http404
    form = CounterNoticeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        if limited := consume(request, form):
            return limited
        if report := file_counter(form, post):
            messages.success(request, _("Your counter-notice has come in. We write to you when it is decided."))
            return redirect("report_answer", report.key)
    context = {"form": form, "post": post}
    return render(request, "community/reports/counter.html", context, status=422 if form.is_bound else 200)


def file_counter(form, post):
    """File the counter-notice; None where the form now says why not."""
    try:
        return file_counter_notice(post, by=form.user, details=form.details())
    except PermissionDenied as refusal:  # restored a moment ago
        raise Http404 from refusal
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    return None
