"""Publish a post: one caption, its photos, in one of the author's galleries."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions, text
from ..acts import write_down
from ..ids import new_short_id
from ..locks import lock_galleries
from ..models import Original, Photo, Picture, PostPage
from ..models.pictures import PictureKind
from ..tasks import deadline, process_photo
from ..words import clean_alt_text, clean_caption

MOST_PHOTOS = 20


def publish_post(author, gallery, photos, *, caption="", short_id=None):
    """Publish `photos`, a list of (Original, alternative text), with `caption` in `gallery`; returns the PostPage.

    The originals are in the vault already (see store_original). The post is there at once, for its author and staff;
    everyone sees it when its renditions are made. `short_id` is one that was drawn before, for a form that may be sent
    twice: the second of two calls raises IntegrityError. Raises PermissionDenied when the author may not share or the gallery
    is somebody else's or closed, ValidationError for no photo or more than 20.
    """
    if not permissions.may_share(author):
        raise PermissionDenied(_("Confirm your email address first, then share."))
    if not 1 <= len(photos) <= MOST_PHOTOS:
        raise ValidationError(_("A post has 1 to %(most)s photos.") % {"most": MOST_PHOTOS})
    caption = clean_caption(caption)
    photos = [(original, clean_alt_text(alt_text)) for original, alt_text in photos]

    with transaction.atomic():
        # Locked by treebeard's add_child as well; taken here so that a gallery deleted meanwhile is seen.
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if gallery.author_id != author.pk or not gallery.is_open:
            raise PermissionDenied(_("Choose one of your own galleries."))
        post = PostPage(
            short_id=short_id or new_short_id(),
            author=author,
            gallery=gallery,
            caption=caption,
            title=text.title_of(caption, author.name),
            tokens=text.token_text(caption, [alt_text for _original, alt_text in photos]),
            visibility=gallery.visibility,
            effective_visibility=gallery.visibility,
            locale_id=gallery.locale_id,
        )
        post.slug = post.short_id
        gallery.add_child(instance=post)
        rows = []
        for position, (original, alt_text) in enumerate(photos):
            picture = Picture(
                title=post.title, kind=PictureKind.PHOTO, uploaded_by_user=author, collection_id=root_collection_id()
            )
            picture.attach(original)
            picture.save()
            rows.append(
                Photo.objects.create(
                    post=post, picture=picture, position=position, alt_text=alt_text, retry_at=deadline(0)
                )
            )
        # When all rows are there: the task that finds every photo of the post ready shows it.
        for photo in rows:
            process_photo.enqueue(photo.pk)
        Original.objects.filter(pk__in=[original.pk for original, _alt in photos], attached_at=None).update(
            attached_at=timezone.now()
        )
        write_down(post, "post.published", by=author)
    return post


def root_collection_id():
    """Members' pictures stand in Wagtail's root collection: collections are the curators'. Its key never changes."""
    global _root_collection_id
    if _root_collection_id is None:
        from wagtail.models import Collection

        _root_collection_id = Collection.get_first_root_node().pk
    return _root_collection_id


_root_collection_id = None
