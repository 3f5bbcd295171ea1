"""The composer: /share/ takes photographs and words in one go, or starts a draft; a draft has a page to go on with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gallery.actions.create_draft import create_draft
from gallery.actions.discard_draft import discard_draft as discard
from gallery.actions.draft_photos import draft_photos
from gallery.actions.publish_draft import publish_draft
from gallery.actions.schedule_post import schedule_post
from gallery.actions.set_visibility import set_visibility
from gallery.actions.share_photos import share_photos
from gallery.actions.unschedule_post import unschedule_post
from gallery.ids import new_short_id
from gallery.models import PostPage
from gallery.permissions import may_edit, may_share

from ..composing import REFUSALS, Wish, add_refusal, carry_out, messages_of, save_words, take_files
from ..forms_composer import OPTIONS, ComposerForm
from ..forms_sharing import new_token, open_galleries, short_id_of
from ..limits import is_too_often, too_often
from ..lists import drafts_of, with_photos
from ..uploads import takes_uploads
from .guards import without_nul
from .own import own_post


@never_cache
@takes_uploads
def share(request):
    """/share/: for verified members; everybody else reads what to do first. Looking makes nothing."""
    if not may_share(request.user):
        return render(request, "community/sharing/not_yet.html", status=403 if request.method == "POST" else 200)
    if request.method != "POST":
        initial = {"token": new_token(request.user)}
        form = ComposerForm(request=request, gallery=request.GET.get("gallery", ""), initial=initial)
        return render_composer(request, form)
    if limited := too_often(request, "share"):
        return limited
    form = ComposerForm(request.POST, request.FILES, request=request)
    if form.is_valid():
        try:
            return shared(request, form)
        except REFUSALS as refusal:
            add_refusal(form, refusal)
    return render_composer(request, form)


def shared(request, form):
    """Share what a valid form brought. Where some files were left out it stays a draft, which says which."""
    answers = form.cleaned_data
    brought = {
        "gallery": answers["gallery"],
        "new_gallery": "" if answers["gallery"] else answers["new_gallery"],
        "alt_texts": [answers["alt_text"]],
        "short_id": short_id_of(answers["token"], request.user),
        **{name: answers[name] for name in OPTIONS},
    }
    if request.POST.get("do") == "describe" or form.refused:
        post = draft_photos(request.user, form.kept, **brought)
        if answers["visibility"]:
            set_visibility(post, by=request.user, visibility=answers["visibility"])
        say_what_was_left_out(request, form)
        return redirect("draft", post.short_id)
    brought["visibility"] = answers["visibility"]
    posts = share_photos(request.user, form.kept, separately=answers["separately"], **brought)
    return after_publishing(request, posts)


@never_cache
@require_POST
def start(request):
    """/share/start/: makes a draft for the first file that somebody chose with scripts on; answers where it is.

    The token of the page is good for one draft, so that asking twice gives the same.
    """
    if not may_share(request.user):
        return HttpResponse(_("Confirm your email address first, then share."), status=403)
    if is_too_often(request, "share"):
        return HttpResponse(_("That was a lot at once. Please wait a little, then try again."), status=429)
    short_id = short_id_of(request.POST.get("token"), request.user)
    gallery = open_galleries(request.user).filter(gallery_slug=request.POST.get("gallery", "")).first()
    post = PostPage.objects.filter(short_id=short_id).first()
    if post is not None and not (post.author_id == request.user.pk and post.is_draft):
        post, short_id = None, new_short_id()  # the page's own was published meanwhile
    if post is None:
        try:
            post = create_draft(request.user, gallery=gallery, short_id=short_id)
        except IntegrityError:
            post = own_post(request, short_id)
        except REFUSALS as refusal:
            return HttpResponse(" ".join(messages_of(refusal)), status=422)
    return JsonResponse(
        {
            "draft": post.short_id,
            "url": reverse("draft", args=[post.short_id]),
            "photos": reverse("photos", args=[post.short_id]),
            "order": reverse("order_photos", args=[post.short_id]),
        }
    )


@never_cache
@takes_uploads
@login_required
@without_nul
def draft(request, short_id):
    """/share/<short id>/: a draft with all that its author can do with it. Once published, it leads to the post."""
    post = own_post(request, short_id)
    if not post.is_draft and may_edit(request.user, post):
        return redirect(post.address())
    if not may_edit(request.user, post):
        raise Http404
    if request.method != "POST":
        return render_composer(request, ComposerForm(request=request, post=post))
    wish = Wish.of(request.POST.get("do"))
    typing = wish.act == "autosave"
    form = ComposerForm(request.POST, request.FILES, request=request, post=post, needs_gallery=not typing)
    if wish.act == "discard":
        return redirect("discard_draft", post.short_id)
    if form.is_valid():
        try:
            return done(request, post, form, wish)
        except REFUSALS as refusal:
            add_refusal(form, refusal)
    if typing:
        errors = [text for texts in form.errors.values() for text in texts]
        return HttpResponse(" ".join(errors), status=422)
    return render_composer(request, form)


def done(request, post, form, wish):
    """Save the words of a valid form first, whatever was pressed, then do that."""
    by = request.user
    post = save_words(post, form, by=by, new_gallery=wish.act != "autosave")
    if wish.act == "autosave":
        return HttpResponse(status=204)
    take_files(post, form.kept, by=by)
    say_what_was_left_out(request, form)
    if wish.act == "publish" and not form.refused:
        return after_publishing(request, publish_draft(post, by=by, separately=form.cleaned_data["separately"]))
    if wish.act == "schedule" and not form.refused:
        return scheduled(request, post, form)
    if wish.act == "unschedule":
        unschedule_post(post, by=by)
        messages.success(request, _("It is a draft again, and waits for you."))
        return redirect("draft", post.short_id)
    if wish.act == "replace":
        return redirect("replace_one", post.short_id, wish.key)
    if wish.act == "save":
        messages.success(request, saved(post))
    elif wish.key:
        carry_out(post, wish, by=by)
    return redirect("draft", post.short_id)


def saved(post):
    """What the author is told of a draft that they saved."""
    return _("Saved. Until its time only you see it.") if post.is_scheduled else _("Saved. Only you see this draft.")


def scheduled(request, post, form):
    """Have the draft published by itself, at the time that the form says. Raises ValidationError by field."""
    if form.cleaned_data["separately"]:
        raise ValidationError({"separately": _("What is published by itself becomes one post.")})
    post = schedule_post(post, by=request.user, at=form.cleaned_data["scheduled_for"])
    at = date_format(post.scheduled_for.astimezone(form.zone), "DATETIME_FORMAT")
    messages.success(request, _("It is published by itself: %(at)s (%(zone)s).") % {"at": at, "zone": form.zone.key})
    return redirect("draft", post.short_id)


@never_cache
@login_required
@without_nul
def discard_draft(request, short_id):
    """/share/<short id>/discard/: asks, then gives up a draft."""
    post = own_post(request, short_id)
    if not post.is_draft or not may_edit(request.user, post):
        raise Http404
    if request.method == "POST":
        discard(post, by=request.user)
        messages.success(request, _("The draft is gone."))
        return redirect("share")
    return render(request, "community/sharing/discard_draft.html", {"post": post})


def say_what_was_left_out(request, form):
    for message in form.refused:
        messages.error(request, _("Left out: %(message)s") % {"message": message})


def after_publishing(request, posts):
    """Lead to what was published: the post, or the gallery of several."""
    if len(posts) == 1:
        return redirect(posts[0].address())
    said = ngettext("%(count)s post was published.", "%(count)s posts were published.", len(posts))
    messages.success(request, said % {"count": len(posts)})
    return redirect(posts[0].gallery.address())


def render_composer(request, form):
    drafts = drafts_of(request.user) if form.post is None else []
    with_photos(drafts)
    context = {"form": form, "post": form.post, "drafts": drafts}
    return render(request, "community/sharing/composer.html", context, status=422 if form.errors else 200)
