"""Making the rows of a post: its page, its photos, their pictures. Inside the transactions of the actions that need them."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from . import text
from .captions import follow_caption
from .ids import new_short_id
from .locks import lock
from .models import Original, Photo, Picture, PostPage
from .models.pictures import PictureKind
from .processing import deadline
from .publication import all_ready
from .states import AuthorState, ProcessingState, TeamState, Visibility, narrower

MOST_PHOTOS = 20
# Where a photo stands that waits to take another one's place: behind all that are in the post.
WAITING = 20_000


def add_post(gallery, *, author_state=AuthorState.PUBLISHED, caption="", alt_texts=(), short_id=None, **choices):
    """Add a post to a locked `gallery` of its author's; returns the PostPage. Words are clean; `choices` are columns."""
    author = gallery.author
    post = PostPage(
        short_id=short_id or new_short_id(),
        author=author,
        gallery=gallery,
        author_state=author_state,
        caption=caption,
        title=text.title_of(caption, author.name),
        tokens=text.token_text(caption, alt_texts),
        locale_id=gallery.locale_id,
        **{"visibility": usual_visibility(gallery), **choices},
    )
    post.effective_visibility = narrower(post.visibility, gallery.visibility)
    post.slug = post.short_id
    gallery.add_child(instance=post)
    follow_caption(post, new=True)
    return post


def usual_visibility(gallery):
    """Whom a new post is for unless its author says otherwise: as its gallery, or followers where the account is for those."""
    return Visibility.FOLLOWERS if gallery.author.is_private else gallery.visibility


def new_picture(post, original):
    """A saved picture of `original` for a photo of `post`."""
    picture = Picture(
        title=post.title, kind=PictureKind.PHOTO, uploaded_by_user=post.author, collection_id=root_collection_id()
    )
    picture.attach(original)
    picture.save()
    return picture


def add_photo_row(post, original, *, position, alt_text="", **fields):
    """A saved photo of `post` that shows `original` and waits for its renditions. Its task is the caller's to enqueue."""
    return Photo.objects.create(
        post=post,
        picture=new_picture(post, original),
        position=position,
        alt_text=alt_text,
        retry_at=deadline(0),
        **fields,
    )


def attach(originals):
    """Note that `originals` are in use from now on. One query."""
    Original.objects.filter(pk__in=[original.pk for original in originals], attached_at=None).update(
        attached_at=timezone.now()
    )


def lock_for(post, original):
    """The post locked as by `locks.lock`, with an original that it is about to get. Raises ValidationError if that is gone."""
    try:
        return lock(post, original)
    except Original.DoesNotExist as gone:
        raise ValidationError(_("This file is no longer there. Please choose it again."), code="file_gone") from gone


def bring_words_in_step(post):
    """Set the search tokens of `post` from its caption and its photos' alternative texts, in order; True if they changed."""
    photos = post.photos.in_place().filter(team_state=TeamState.NONE)
    alt_texts = photos.order_by("position").values_list("alt_text", flat=True)
    before, post.tokens = post.tokens, text.token_text(post.caption, alt_texts)
    return post.tokens != before


def bring_in_step(post):
    """Store what follows from a change of a locked post's photos: its words for search, and that one may not be ready.

    That all are ready is not noted here: the post must be shown then (see `publication.show_when_ready`). One query for
    what changed: Wagtail's `live` never does by this.
    """
    changed = ["tokens"] if bring_words_in_step(post) else []
    if post.photos_ready and not all_ready(post):
        post.photos_ready = False
        changed.append("photos_ready")
    if changed:
        PostPage.objects.filter(pk=post.pk).update(**{name: getattr(post, name) for name in changed})


def put_in_order(photos):
    """Give `photos` of one post the positions 0, 1, 2 ... in this order.

    In two steps: positions are unique in a post, and a database looks at each row as it is written.
    """
    for first in (WAITING // 2, 0):
        for number, photo in enumerate(photos):
            photo.position = first + number
        Photo.objects.bulk_update(photos, ["position"])


def start_again(photo, **fields):
    """Have a photo processed from the beginning, as if it had just come; `fields` change with it. Its task is the caller's."""
    again = {"state": ProcessingState.PENDING, "failure": "", "attempts": 0, "retry_at": deadline(0), **fields}
    Photo.objects.filter(pk=photo.pk).update(**again)
    for name, value in again.items():
        setattr(photo, name, value)


def root_collection_id():
    """Members' pictures stand in Wagtail's root collection: collections are the curators'. Its key never changes."""
    global _root_collection_id
    if _root_collection_id is None:
        from wagtail.models import Collection

        _root_collection_id = Collection.get_first_root_node().pk
    return _root_collection_id


_root_collection_id = None
