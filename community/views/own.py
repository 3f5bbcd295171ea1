"""Finding what belongs to who asks. For everybody else it does not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from gallery.models import GalleryPage, PostPage
from gallery.states import AuthorState


def own_post(request, short_id):
    """The signed-in member's own post, in any state; Http404 for others' posts and unknown ones."""
    posts = PostPage.objects.of(request.user).select_related("author", "gallery__author")
    return get_object_or_404(posts, short_id=short_id)


def own_gallery(request, gallery_slug):
    """The signed-in member's own gallery, unless they deleted it; Http404 otherwise."""
    galleries = GalleryPage.objects.filter(author=request.user, author_state=AuthorState.PUBLISHED)
    return get_object_or_404(galleries.select_related("author"), gallery_slug=gallery_slug)


def open_own_gallery(request, gallery_slug):
    """The signed-in member's own gallery that is open; Http404 otherwise."""
    gallery = own_gallery(request, gallery_slug)
    if not gallery.is_open:
        raise Http404
    return gallery
