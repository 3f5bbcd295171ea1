"""Prompts: what runs, comes and was; one prompt with its entries; entering a post."""

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.keyset import page_of

from .. import prompting
from ..actions.enter_prompt import enter_prompt, withdraw_entry
from ..composing import REFUSALS, messages_of
from ..lists import with_photos
from ..models import PromptEntry, PromptPage, PromptsPage, User
from ..site import absolute
from ..visibility import posts_for
from .guards import without_nul
from .own import own_post


def prompts(request, page=None):
    """/prompts/: what runs now, what comes, and the calendar of what was, by year and month.

    Addressed directly, as the front page is; Wagtail's own serving comes here too.
    """
    page = page or get_object_or_404(PromptsPage.objects.live())
    cursor = request.GET.get("after", "")
    running, coming = ([], []) if cursor else prompting.running_and_coming()
    past = prompting.past(cursor)
    context = {
        "page": page,
        "running": running,
        "coming": coming,
        "past": past.items,
        "first_page": not cursor,
        "next_url": f"{reverse('prompts')}?{urlencode({'after': past.next})}" if past.next else "",
        "canonical": absolute(reverse("prompts")),
    }
    return render(request, "community/prompts/prompts.html", context)


def prompt(request, slug, page=None):
    """/prompts/<slug>/: a prompt, its winners once they are announced, and its entries, newest first."""
    page = page or find_prompt(slug)
    cursor = request.GET.get("after", "")
    entries = prompting.entries_of(page, request.user, cursor)
    winners = [] if cursor else prompting.winners_of(page, request.user)
    posts = [entry.post for entry in entries]
    with_photos(posts, [entry.post for entry in winners])
    following = urlencode({"after": entries.next})
    context = {
        "page": page,
        "posts": posts,
        "winners": winners,
        "first_page": not cursor,
        "next_url": f"{page.address()}?{following}" if entries.next else "",
        "canonical": absolute(page.address()),
        "within": f"prompt:{page.slug}",
    }
    template = "gallery/partials/post_grid_more.html" if request.htmx else "community/prompts/prompt.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def find_prompt(slug):
    if "\0" in slug:
        raise Http404
    return get_object_or_404(prompting.with_covers(PromptPage.objects.live()), slug=slug)


@never_cache
@login_required
@without_nul
def enter(request, slug):
    """/prompts/<slug>/enter/: one's own public posts, newest first, to enter and to take back. POST `post` and `do` (enter
    or withdraw); with `back`, it leads to the post's page."""
    page = find_prompt(slug)
    here = reverse("enter_prompt", args=[page.slug])
    if request.method == "POST":
        if limited := ratelimit.consume_or_429(request, action="prompt_entry"):
            return limited
        post = own_post(request, request.POST.get("post", "").replace("\0", ""))
        try:
            {"enter": enter_prompt, "withdraw": withdraw_entry}[request.POST.get("do")](page, post, by=request.user)
        except KeyError:
            raise Http404 from None
        except REFUSALS as refusal:
            messages.error(request, " ".join(messages_of(refusal)))
            return redirect(post.address() if "back" in request.POST else here)
        entered = request.POST["do"] == "enter"
        messages.success(request, _("Your post is entered.") if entered else _("Your post is taken back."))
        return redirect(post.address() if "back" in request.POST else page.address())
    own = posts_for(request.user).discoverable().filter(author=request.user).select_related("author", "gallery")
    found = page_of(own, request.GET.get("after", ""))
    with_photos(found.items)
    there = PromptEntry.objects.filter(prompt=page, post__author=request.user)
    context = {
        "page": page,
        "posts": found.items,
        "there": set(there.values_list("post", flat=True)),
        "most": settings.PROMPT_ENTRIES,
        "next_url": f"{here}?{urlencode({'after': found.next})}" if found.next else "",
    }
    return render(request, "community/prompts/enter.html", context)


def prompts_of_post(request, post):
    """Asking part of a post's page: the prompts that it is in and, for its author, that it could enter. 1 query where there
    are such, else none."""
    own = request.user.is_authenticated and post.author_id == request.user.pk and post.is_visible
    columns = {"in_prompt": Exists(PromptEntry.objects.filter(post=OuterRef("pk")))}
    if own:
        columns["prompts_run"] = Exists(PromptPage.objects.running())

    def show(row):
        found = prompting.prompts_of(post, own=own) if any(row[name] for name in columns) else []
        return {
            "entered_prompts": [prompt for prompt in found if prompt.entered],
            "open_prompts": [prompt for prompt in found if not prompt.entered],
        }

    return columns, show


def prompts_of_member(request, member):
    """Part of a member's page: the prompts that they won. No query, 1 on one's own."""
    if member.pk == request.user.pk:
        member = prompting.with_won(User.objects.filter(pk=member.pk), request.user).get()
    return {"won_prompts": prompting.won_by(member)}
