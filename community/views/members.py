"""The list of members, a member's page, and a gallery's."""

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from gallery.models import Contributor, GalleryEntry, GalleryPage
from gallery.states import Visibility

from .. import lists
from ..former_names import present_gallery_address, present_member_address
from ..prompting import with_won
from ..shared import contributors_of, passed_on_to
from ..site import absolute
from ..visibility import galleries_for, members_for
from . import parts
from .guards import without_nul


def members(request):
    """Everyone, who joined last first, with their newest pictures."""
    page = lists.newest_members(request.user, request.GET.get("after", ""))
    return answer_list(
        request, page, reverse("members"), "community/members.html", "community/partials/members_more.html"
    )


@without_nul
def member(request, username):
    """A member's page: who they are, their galleries, their posts. Their own also shows what only they see."""
    try:
        person = find_member(request.user, username, won=True)
    except Http404:
        return HttpResponsePermanentRedirect(present_member_address(username, request.user))
    if person.username != username:
        return HttpResponsePermanentRedirect(reverse("member", args=[person.username]))
    own = person.pk == request.user.pk
    cursor = request.GET.get("after", "")
    page = lists.posts_of_member(person, request.user, cursor)
    galleries, pins = lists.galleries_and_pins_of(person, request.user) if not cursor else ([], [])
    hidden, drafts = lists.hidden_and_drafts_of(person) if own and not cursor else ([], [])
    covers = [gallery.cover_post for gallery in galleries if gallery.cover_post]
    lists.with_photos(page.items, hidden, drafts, covers, pins)
    return answer_list(
        request,
        page,
        reverse("member", args=[person.username]),
        "community/member.html",
        "gallery/partials/post_grid_more.html",
        member=person,
        own=own,
        galleries=galleries,
        hidden=hidden,
        drafts=drafts,
        pins=pins,
        within="member",
        **({} if cursor else parts.of_member(request, person)),
    )


@without_nul
def gallery(request, username, gallery_slug):
    """A gallery: its name, what its author says about it, its posts and its contributors'."""
    try:
        found = find_gallery(request.user, username, gallery_slug)
    except Http404:
        return HttpResponsePermanentRedirect(present_address(request.user, username, gallery_slug))
    own = found.author_id == request.user.pk
    page = lists.posts_of_gallery(found, request.user, request.GET.get("after", ""), shared=found.has_entries)
    lists.with_photos(page.items)
    first = found.has_contributors and not request.htmx
    contributors = contributors_of(found, request.user) if first else []
    return answer_list(
        request,
        page,
        found.address(),
        "community/gallery.html",
        "gallery/partials/post_grid_more.html",
        gallery=found,
        within=f"gallery:{username}/{gallery_slug}" if found.has_entries else "gallery",
        member=found.author,
        own=own,
        listed=found.visibility == Visibility.PUBLIC,
        contributors=[row for row in contributors if row.accepted_at],
        part=next((row for row in contributors if row.user_id == request.user.pk), None),
    )


def present_address(viewer, username, gallery_slug):
    """Where an address leads at which no gallery is: to where it went with its owner's name, or to who took it over."""
    try:
        return present_gallery_address(username, gallery_slug, viewer)
    except Http404:
        return passed_on_to(username, gallery_slug, viewer).address()


def find_gallery(viewer, username, gallery_slug):
    """The gallery at this address that `viewer` may open, or their own, with `has_entries` and `has_contributors`.

    Raises Http404. 1 query.
    """
    own = viewer.is_authenticated and viewer.username == username
    galleries = GalleryPage.objects.open() if own else galleries_for(viewer)
    entries = GalleryEntry.objects.filter(gallery=OuterRef("pk"))
    contributors = Contributor.objects.filter(gallery=OuterRef("pk"))
    galleries = galleries.select_related("author").annotate(
        has_entries=Exists(entries), has_contributors=Exists(contributors)
    )
    return get_object_or_404(galleries, author__username=username, gallery_slug=gallery_slug)


def find_member(viewer, username, *, won=False):
    """The member whom `viewer` may see, or the viewer themselves, by username in any case. Raises Http404.

    `won` has what they won in prompts come along (see `prompting.with_won`), not for oneself.
    """
    name = username.lower()
    if viewer.is_authenticated and viewer.username == name:
        return viewer
    people = members_for(viewer).select_related("profile", "counts").defer(*NEVER_SHOWN)
    return get_object_or_404(with_won(people, viewer) if won else people, username=name)


NEVER_SHOWN = ("password", "email", "standing_reason")


def answer_list(request, page, url, template, partial, **context):
    """A page of a list in full, or for htmx the part that "Show more" adds; the same address answers both."""
    context |= {
        "posts": page.items,
        "next_url": f"{url}?{urlencode({'after': page.next})}" if page.next else "",
        "canonical": absolute(url),
        "first_page": not request.GET.get("after"),
    }
    response = render(request, partial if request.htmx else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
