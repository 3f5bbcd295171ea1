"""The list of members, a member's page, and a gallery's."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from gallery.models import GalleryPage
from gallery.states import Visibility

from .. import lists
from ..visibility import members_for
from .posts import absolute, without_nul


def members(request):
    """Everyone, who joined last first, with their newest pictures."""
    page = lists.newest_members(request.user, request.GET.get("after", ""))
    return answer_list(
        request, page, reverse("members"), "community/members.html", "community/partials/members_more.html"
    )


@without_nul
def member(request, username):
    """A member's page: who they are, their galleries, their posts. Their own also shows what only they see."""
    person = find_member(request.user, username)
    if person.username != username:
        return HttpResponsePermanentRedirect(reverse("member", args=[person.username]))
    own = person.pk == request.user.pk
    cursor = request.GET.get("after", "")
    page = lists.posts_of_member(person, request.user, cursor)
    galleries = lists.galleries_of(person, request.user) if not cursor else []
    hidden = lists.hidden_from_others(person) if own and not cursor else []
    covers = [gallery.cover_post for gallery in galleries if gallery.cover_post]
    lists.with_photos(page.items, hidden, covers)
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
    )


@without_nul
def gallery(request, username, gallery_slug):
    """A gallery: its name, what its author says about it, its posts."""
    found = get_object_or_404(
        GalleryPage.objects.open().select_related("author"),
        author__username=username,
        gallery_slug=gallery_slug,
    )
    own = found.author_id == request.user.pk
    if not own and (not found.author.is_member_visible or found.visibility == Visibility.FOLLOWERS):
        raise Http404
    page = lists.posts_of_gallery(found, request.user, request.GET.get("after", ""))
    return answer_list(
        request,
        page,
        found.address(),
        "community/gallery.html",
        "gallery/partials/post_grid_more.html",
        gallery=found,
        member=found.author,
        own=own,
        listed=found.visibility == Visibility.PUBLIC,
    )


def find_member(viewer, username):
    """The member whom `viewer` may see, or the viewer themselves, by username in any case. Raises Http404."""
    name = username.lower()
    if viewer.is_authenticated and viewer.username == name:
        return viewer
    return get_object_or_404(members_for(viewer).defer(*NEVER_SHOWN), username=name)


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
