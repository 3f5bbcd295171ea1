"""What members do about each other: follow, mute, block; and the lists of who follows whom."""

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.keyset import page_of

from ..actions import block as blocking
from ..actions import follow as following_actions
from ..actions import mute as muting
from ..actions.remove_follower import remove_follower as remove
from ..models import Follow, User
from ..permissions import may_follow
from ..profile_parts import profile_of
from ..site import absolute
from ..visibility import people_in
from .guards import without_nul
from .members import find_member

PEOPLE_A_PAGE = 30


# --- What one does ----------------------------------------------------------------------------------------------------


@never_cache
@login_required
@without_nul
def follow(request, username):
    """POST members/<username>/follow/"""
    return relate(request, find_member(request.user, username), following_actions.follow, "follow")


@never_cache
@login_required
@without_nul
def unfollow(request, username):
    """POST members/<username>/unfollow/: also takes a request back."""
    return relate(request, find_member(request.user, username), following_actions.unfollow, "follow")


@never_cache
@login_required
@without_nul
def mute(request, username):
    """POST members/<username>/mute/"""
    done = _("You hear nothing of them any more. They are not told.")
    return relate(request, find_member(request.user, username), muting.mute, "relate", done)


@never_cache
@login_required
@without_nul
def unmute(request, username):
    """POST members/<username>/unmute/"""
    return relate(request, find_quiet(request.user, username), muting.unmute, "relate")


@never_cache
@login_required
@without_nul
def remove_follower(request, username):
    """POST members/<username>/remove-follower/"""
    person = find_member(request.user, username)
    return relate(request, person, remove, "relate", _("They follow you no more. They are not told."))


@never_cache
@login_required
@without_nul
def block(request, username):
    """members/<username>/block/: GET says what it does, POST does it."""
    person = find_member(request.user, username)
    if person.pk == request.user.pk:
        return redirect("member", person.username)
    if request.method != "POST":
        return render(request, "community/people/block.html", {"person": person})
    if limited := ratelimit.consume_or_429(request, action="relate"):
        return limited
    blocking.block(request.user, person)
    messages.success(request, _("Neither of you sees the other any more. You can take that back here."))
    return redirect("privacy")


@never_cache
@login_required
@without_nul
def unblock(request, username):
    """POST members/<username>/unblock/"""
    return relate(request, find_quiet(request.user, username), blocking.unblock, "relate")


def find_quiet(viewer, username):
    """A member whom `viewer` muted or blocked, or sees; Http404 for anybody else, whose existence is not told."""
    name = username.lower()
    theirs = User.objects.filter(username=name)
    quiet = (
        theirs.filter(blocked_by__blocker=viewer).first() or theirs.filter(pk__in=viewer.mutes.values("muted")).first()
    )
    return quiet or find_member(viewer, username)


def relate(request, person, action, limit, done=""):
    """Do `action(viewer, person)`, and answer the part of the page that shows it, or lead back."""
    if request.method != "POST":
        return redirect("member", person.username)
    if limited := ratelimit.consume_or_429(request, action=limit):
        return limited
    try:
        action(request.user, person)
    except PermissionDenied as refusal:
        if request.htmx:
            raise
        messages.error(request, str(refusal))
        done = ""
    if request.htmx:
        return part_of(request, person)
    if done:
        messages.success(request, done)
    return redirect(way_back(request, person))


def part_of(request, person):
    """What htmx puts in place: the whole profile where that was asked for, else the button alone."""
    if request.htmx.target == "profile":
        member = get_object_or_404(User.objects.select_related("profile", "counts"), pk=person.pk)
        context = {"member": member, "own": False, **profile_of(request, member)}
        return render(request, "community/partials/member_profile.html", context)
    context = {"person": person, "state": states_for(request.user, [person])[person.pk]}
    return render(request, "community/partials/follow_button.html", context)


def way_back(request, person):
    """The page of ours that the form names, else the member's."""
    url = request.POST.get("next", "")
    if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return person.get_absolute_url()


def states_for(viewer, people):
    """{key: "none", "requested" or "following"}: how `viewer` follows these `people`. One query."""
    keys = [person.pk for person in people]
    found = Follow.objects.filter(follower=viewer.pk, followed__in=keys).values_list("followed", "accepted_at")
    states = {key: "following" if accepted else "requested" for key, accepted in found}
    return {key: states.get(key, "none") for key in keys}


# --- Who follows whom -------------------------------------------------------------------------------------------------


@without_nul
def followers(request, username):
    """members/<username>/followers/: who came last first; for oneself with a way to take one away."""
    return answer_people(request, username, "followed", "follower", "followers")


@without_nul
def following(request, username):
    """members/<username>/following/: whom they follow, who was followed last first."""
    return answer_people(request, username, "follower", "followed", "following")


def answer_people(request, username, of, person, name):
    """A page of the people at the other end (`person`) of the accepted follows `of` a member. Blocks are honoured."""
    viewer, member = request.user, find_member(request.user, username)
    if member.username != username:
        return redirect(name, member.username, permanent=True)
    follows = Follow.objects.filter(**{of: member.pk}, accepted_at__isnull=False).select_related(person)
    page = page_of(
        people_in(follows, viewer, person),
        request.GET.get("after", ""),
        size=PEOPLE_A_PAGE,
        at="accepted_at",
        key=f"{person}__username",
    )
    people = [getattr(follow, person) for follow in page]
    if may_follow(viewer):
        states = states_for(viewer, people)
        for one in people:
            one.state = states[one.pk] if one.pk != viewer.pk else ""
    url = reverse(name, args=[member.username])
    context = {
        "member": member,
        "own": member.pk == viewer.pk,
        "people": people,
        "name": name,
        "canonical": absolute(url),
        "here": url,
        "next_url": f"{url}?{urlencode({'after': page.next})}" if page.next else "",
    }
    response = render(request, f"community/people/{'more' if request.htmx else 'people'}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
