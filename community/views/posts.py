"""A post's page, and the permanent link that leads to it."""

import zlib
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from gallery import cards
from gallery.camera import camera_line
from gallery.models import Erasure, Photo, PostPage
from gallery.permissions import may_edit, may_look, may_undo, may_withdraw
from gallery.states import Visibility

from ..former_names import was_in_gallery, was_theirs
from ..models.users import Standing
from ..notices import is_processing, notices_for
from ..site import absolute
from ..visibility import posts_for
from . import parts
from .guards import without_nul


class Gone(Exception):
    """The post was removed: answered with 410."""


def find_post(viewer, short_id):
    """The post that `viewer` may see and whether they see it as everyone does: (post, True), or (post, False) for its
    author and staff. Raises Gone for what was removed, Http404 for everything else."""
    post = posts_for(viewer).for_cards().filter(short_id=short_id).first()
    if post is not None:
        post.gallery.author = post.author  # a post's gallery is its author's own
        return post, True
    post = PostPage.objects.for_cards().filter(short_id=short_id).first()
    if post is None:
        raise Gone if Erasure.of_post(short_id) else Http404
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
        if was_theirs(username, found.author) and was_in_gallery(found, gallery_slug):
            return HttpResponsePermanentRedirect(found.address())
        raise Http404
    behind = not as_everyone or found.author_id == request.user.pk
    waiting = behind and is_processing(found)
    if request.htmx and waiting and request.GET.get("seen") == state_of(found):
        return HttpResponse(status=204)  # nothing new: the page stays as it is and asks again
    lifted = found.is_sensitive and "show" in request.GET
    template = "community/partials/post.html" if request.htmx else "community/post.html"
    context = context_of(request.user, found, as_everyone, waiting, lifted) | parts.of_post(request, found)
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if behind or found.effective_visibility == Visibility.FOLLOWERS:
        response["Cache-Control"] = "private, no-store"
    return response


def state_of(post):
    """A word for how far a post and its photos are, which an open page tells when it asks whether anything is new."""
    photos = [f"{photo.key}{photo.state}" for photo in cards.photos_in_order(post, waiting=True)]
    return f"{zlib.crc32(' '.join([str(post.is_visible), *photos]).encode()):08x}"


def is_address_of_gone(username, gallery_slug, short_id):
    """Whether a removed post has or had this address. At most three queries more, on the way to a 410."""
    post = PostPage.objects.select_related("author", "gallery").filter(short_id=short_id).first()
    if post is None:
        return True  # erased: nobody knows any more where it stood
    return was_theirs(username, post.author) and was_in_gallery(post, gallery_slug)


@dataclass(frozen=True)
class Slide:
    """One photo on the stage: how it is shown, where it can be downloaded, and the keys of its neighbours."""

    photo: Photo
    picture: cards.Shown
    download: str = ""
    before: str = ""
    after: str = ""


def slides_of(post, photos, own):
    """`photos` as slides: clear, since the stage of a sensitive post has none before it is asked for."""
    keys = ["", *(photo.key for photo in photos), ""]
    return [
        Slide(
            photo,
            cards.clear(photo),
            download=reverse("download_photo", args=[post.short_id, photo.key])
            if photo.is_ready and (post.allow_download or own)
            else "",
            before=keys[place],
            after=keys[place + 2],
        )
        for place, photo in enumerate(photos)
    ]


def context_of(viewer, post, as_everyone, waiting, lifted):
    """What a post's page shows, and to whom which of its actions are offered. `lifted`: a sensitive post was asked for."""
    own = viewer.is_authenticated and post.author_id == viewer.pk
    ready = cards.photos_in_order(post)
    photos = cards.photos_in_order(post, waiting=True) if own or not as_everyone else ready
    public = as_everyone and Visibility.PUBLIC == post.effective_visibility == post.gallery.visibility
    listed = public and not post.limited
    image = cards.preview(ready[0]) if ready and as_everyone else None
    return {
        "post": post,
        "photos": slides_of(post, photos, own),
        "lifted": lifted,
        "veiled": cards.blurred(ready[0]) if ready and post.is_sensitive and not lifted else None,
        "cameras": cameras_of(ready) if post.show_camera else [],
        "own": own,
        "waiting": waiting,
        "seen": state_of(post) if waiting else "",
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
        "preview_alt": "" if post.is_sensitive or not ready else ready[0].alt_text,
    }


def cameras_of(photos):
    """What the cameras said, one line for each that differs, in the order of the photos."""
    return list(dict.fromkeys(line for photo in photos if (line := camera_line(photo.picture.camera))))
