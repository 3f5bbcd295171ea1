"""Publish a draft: as the one post that it is, or as a post for each of its photos."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock, lock_galleries
from ..making import add_post, bring_words_in_step
from ..models import Photo, PostPage
from ..publication import show_when_ready
from ..states import AuthorState, ProcessingState, narrower

MOST_TRIES = 5
# What the other posts take over from a draft that is published as several.
CHOICES = (
    "visibility",
    "sensitive",
    "sensitive_reason",
    "team_sensitive",
    "show_camera",
    "allow_download",
    "comments_off",
    "licence",
)


def publish_draft(post, *, by, separately=False, only_due=False):
    """Publish the draft `post`; returns the posts that it became, a list, in the order of its photos.

    Each can be seen as soon as its photos are ready, and is new as of now. With `separately` the first photo stays in this
    post, and each other one gets a post of its own in the same gallery, with the same words and choices. With `only_due`
    nothing is published, and nothing returned, but what is scheduled for a time that has come. A draft that is published
    already (the request was sent twice) is returned as it is. Raises PermissionDenied, or ValidationError for a
    draft without photos, with one that failed, or in a gallery that is closed.
    """
    for _attempt in range(MOST_TRIES):
        gallery_key = PostPage.objects.values_list("gallery", flat=True).get(pk=post.pk)
        with transaction.atomic():
            gallery = lock_galleries(gallery_key)[gallery_key]
            post = lock(post)
            if post.gallery_id != gallery_key:
                continue  # moved while we waited: the wrong gallery is locked
            if not permissions.may_edit(by, post):
                raise PermissionDenied(_("This post cannot be published."))
            if only_due and not is_due(post):
                return []
            if not post.is_draft:
                return [post]
            posts = publish_locked(post, gallery, by=by, separately=separately)
        # Interrupted here, the sweeper shows them.
        for published in posts:
            show_when_ready(published)
        return [PostPage.objects.select_related("author", "gallery").get(pk=published.pk) for published in posts]
    raise RuntimeError(f"Post {post.pk} was moved again and again while it was published.")


def is_due(post):
    """Whether `post` is scheduled, for a time that has come: not any more where its author changed that meanwhile."""
    return post.is_scheduled and post.scheduled_for <= timezone.now()


def publish_locked(post, gallery, *, by, separately):
    photos = list(post.photos.in_place().order_by("position"))
    check(photos, gallery)
    post.author_state, post.scheduled_for = AuthorState.PUBLISHED, None
    post.created_at = timezone.now()
    post.hidden_by = gallery.hides | post.author.hides
    post.effective_visibility = narrower(post.visibility, gallery.visibility)
    # Also where all are: it is shown after the commit, and must not count as visible before its files are public.
    post.photos_ready = False
    others = [alone(photo, post, gallery, by=by) for photo in photos[1:]] if separately else []
    bring_words_in_step(post)
    post.save(states=True)
    write_down(post, "post.published", by=by)
    return [post, *others]


def check(photos, gallery):
    """Raise ValidationError where a draft with these photos in this gallery cannot be published."""
    if not gallery.is_open:
        raise ValidationError(_("This gallery is closed. Choose another one first."), code="gallery_closed")
    if not photos:
        raise ValidationError(_("Add a photo first."), code="no_photos")
    failed = [str(n) for n, photo in enumerate(photos, start=1) if photo.state == ProcessingState.FAILED]
    if failed:
        message = _("Photo %(numbers)s could not be processed: choose another file for it, or remove it.")
        raise ValidationError(message % {"numbers": ", ".join(failed)}, code="photo_failed")


def alone(photo, draft, gallery, *, by):
    """A post of its own for one photo of a draft that is being published, with the draft's words and choices."""
    choices = {name: getattr(draft, name) for name in CHOICES}
    post = add_post(gallery, caption=draft.caption, alt_texts=[photo.alt_text], created_at=draft.created_at, **choices)
    Photo.objects.filter(pk=photo.pk).update(post=post, position=0)
    write_down(post, "post.published", by=by)
    return post
