"""A post's page, and the permanent link that leads to it."""

from functools import wraps

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from gallery import cards
from gallery.models import FormerAddress, PostPage
from gallery.permissions import may_edit, may_look, may_undo, may_withdraw
from gallery.states import Visibility

from ..models.users import Standing
from ..notices import is_processing, notices_for
from ..visibility import posts_for


def without_nul(view):
    """Decorator: an address with a NUL in it is of nothing. PostgreSQL would raise where SQLite finds no row."""

    @wraps(view)
    def checked(request, **parts):
        if any("\0" in part for part in parts.values()):
            raise Http404
        return view(request, **parts)

    return checked


class Gone(Exception):
    """The post was removed: answered with 410."""


def find_post(viewer, short_id):
    """The post that `viewer` may see and whether they see it as everyone does: (post, True), or (post, False) for its
    author and staff. Raises Gone for what was removed, Http404 for everything else."""
    post = posts_for(viewer).for_cards().filter(short_id=short_id).first()
    if post is not None:
        return post, True
    post = PostPage.objects.for_cards().filter(short_id=short_id).first()
    if post is None:
        raise Http404
    if viewer.is_authenticated and (post.author_id == viewer.pk or may_look(viewer)):
        return post, False
    if post.is_gone or post.author.standing == Standing.LEFT:
        raise Gone
    raise Http404


def gone(request):
    """The page that says that a post was removed, with status 410."""
    return HttpResponse(render_to_string("410.html", request=request), status=410)


@without_nul
def permalink(request, short_id):
    """/p/<short id>/: leads to the post's present address, which may change, so never for good."""
    try:
        post, _as_everyone = find_post(request.user, short_id)
    except Gone:
        return gone(request)
    return HttpResponseRedirect(post.address())


@without_nul
def post(request, username, gallery_slug, short_id):
    """A post's page. An address that it had before answers 301, one that it never had 404."""
    try:
        found, as_everyone = find_post(request.user, short_id)
    except Gone:
        # Also at a former address; what was never an address of it says no more than any other.
        if is_address_of_gone(username, gallery_slug, short_id):
            return gone(request)
        raise Http404 from None
    if (found.author.username, found.gallery.gallery_slug) != (username, gallery_slug):
        if FormerAddress.objects.filter(path=f"{username}/{gallery_slug}/{short_id}", post=found).exists():
            return HttpResponsePermanentRedirect(found.address())
        raise Http404
    waiting = not as_everyone and is_processing(found)
    if request.htmx and waiting:
        return HttpResponse(status=204)  # nothing new: the page stays as it is and asks again
    template = "community/partials/post.html" if request.htmx else "community/post.html"
    response = render(request, template, context_of(request.user, found, as_everyone, waiting))
    patch_vary_headers(response, ["HX-Request"])
    if not as_everyone:
        response["Cache-Control"] = "private, no-store"
    return response


def is_address_of_gone(username, gallery_slug, short_id):
    """Whether a removed post has or had this address. One query more, on the way to a 410."""
    present = PostPage.objects.filter(
        short_id=short_id, author__username=username, gallery__gallery_slug=gallery_slug
    ).exists()
    return present or FormerAddress.objects.filter(path=f"{username}/{gallery_slug}/{short_id}").exists()


def context_of(viewer, post, as_everyone, waiting):
    """What a post's page shows, and to whom which of its actions are offered."""
    photos = cards.photos_in_order(post)
    own = viewer.is_authenticated and post.author_id == viewer.pk
    listed = as_everyone and post.effective_visibility == Visibility.PUBLIC
    image = cards.preview(photos[0]) if photos and as_everyone else None
    return {
        "post": post,
        "photos": photos,
        "own": own,
        "waiting": waiting,
        "notices": notices_for(post, viewer) if own or not as_everyone else [],
        "may_edit": own and may_edit(viewer, post),
        "may_withdraw": own and may_withdraw(viewer, post),
        "may_undo": own and may_undo(viewer, post),
        "as_everyone": as_everyone,
        "listed": listed,
        "canonical": absolute(post.address()),
        "permanent": absolute(f"/p/{post.short_id}/"),
        "preview": image,
        "preview_url": absolute(image.url) if image else "",
    }


def absolute(url):
    """An address with the site's host where it has none."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url
