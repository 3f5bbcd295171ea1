"""One photo of a post: its largest rendition as a download."""

from django.db.models import Q
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from gallery import cards
from gallery.files import vault
from gallery.models import Photo
from gallery.states import TeamState

from ..visibility import posts_for
from .guards import without_nul

ENDINGS = {"image/webp": "webp", "image/avif": "avif", "image/jpeg": "jpg", "image/gif": "gif"}


@require_safe
@without_nul
def download_photo(request, short_id, key):
    """/p/<short id>/photos/<key>/download/: the largest rendition as a file, where its author allows that.

    Authors always have it, also of what nobody else can reach. The original is given to nobody; the file's name tells the
    post and the place of the photo in it, never whose it is.
    """
    photo = find_photo(request.user, short_id, key)
    rendition = cards.largest(photo) if photo else None
    if rendition is None:
        raise Http404
    try:
        file = vault().open(rendition.file.name)
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"pixlpix-{short_id}-{photo.position + 1}.{ENDINGS.get(rendition.mime, 'bin')}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=rendition.mime)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def find_photo(viewer, short_id, key):
    """The photo that `viewer` may download, or None."""
    allowed = Q(post__in=posts_for(viewer).filter(short_id=short_id, allow_download=True))
    if viewer.is_authenticated:
        allowed |= Q(post__author=viewer.pk) & ~Q(post__team_state=TeamState.ERASED)
    photos = Photo.objects.current().filter(allowed, post__short_id=short_id, key=key)
    photo = photos.select_related("picture").prefetch_related("picture__renditions").first()
    return photo if photo and photo.is_showable else None
