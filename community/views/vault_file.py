"""Renditions of what is not public, for those who may see it. Originals never leave by this address."""

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from gallery.files import vault
from gallery.models import PostPage, Rendition
from gallery.permissions import may_look

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
    """Whether `user` may see this picture in private: staff, the author of its post, or whoever may see the post."""
    if picture.is_editorial:
        return may_enter_console(user)
    post = PostPage.objects.filter(photos__picture=picture).only("pk", "author").first()
    if post is None:
        return False
    if user.is_authenticated and (post.author_id == user.pk or may_look(user)):
        return True
    return posts_for(user).filter(pk=post.pk).exists()
