"""Renditions of what is not public, for those who may see it. Originals never leave by this address."""

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from gallery.files import vault
from gallery.models import Photo, Rendition
from gallery.models.pictures import PictureKind
from gallery.permissions import may_look
from gallery.states import ProcessingState, TeamState

from ..models import Avatar
from ..permissions import may_enter_console
from ..visibility import posts_for


@require_safe
def vault_file(request, name):
    """/private/<name>: a file below `derived/`, to who may see what it shows; 404 for everybody and everything else."""
    rendition = Rendition.objects.select_related("image").filter(file=name).first() if is_derived(name) else None
    if rendition is None or not may_see(request.user, rendition.image):
        raise Http404
    try:
        file = vault().open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=rendition.mime)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def is_derived(name):
    return name.startswith("derived/") and "\0" not in name


def may_see(user, picture):
    """Whether `user` may see this picture in private.

    Staff see every one; a profile picture, its member as well while it is theirs. The author of a post sees what is in it,
    whatever state that is in; everybody else what is ready in a post that they may see. What was taken out, by its author
    or the team, only staff see. At most two queries, beside those for the rights of who is signed in.
    """
    if picture.is_editorial:
        return may_enter_console(user)
    if picture.kind == PictureKind.AVATAR:
        own = user.is_authenticated and Avatar.objects.current().filter(picture=picture, user=user).exists()
        return own or may_look(user)
    photo = (
        Photo.objects.filter(picture=picture)
        .values("removed_at", "team_state", "state", "replaces", "post", "post__author")
        .first()
    )
    if photo is None:
        return False
    if user.is_authenticated and may_look(user):
        return True
    if photo["removed_at"] or photo["team_state"] != TeamState.NONE:
        return False
    if user.is_authenticated and photo["post__author"] == user.pk:
        return True
    in_place = photo["state"] == ProcessingState.READY and photo["replaces"] is None
    return in_place and posts_for(user).filter(pk=photo["post"]).exists()
