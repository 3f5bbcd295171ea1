"""Begin a draft with files that were uploaded: for who wants to describe each photo first."""

from django.db import transaction

from ..ids import new_short_id
from ..models import PostPage
from .add_photo import add_photo
from .create_draft import create_draft
from .create_gallery import create_gallery
from .edit_post import edit_post
from .store_original import store_original


def draft_photos(author, contents, *, gallery=None, new_gallery="", short_id, alt_texts=(), **words):
    """Begin a draft of `contents` (a list of readable, seekable files) in `gallery`, or in a new one called `new_gallery`.

    `words` are caption and choices, as `edit_post` takes them. `short_id` was drawn with the form: sent twice with it, the
    draft is begun once. The files are stored first; where something is refused then, they expire by themselves. Raises
    PermissionDenied, ValidationError or PictureRefused; returns the post.
    """
    begun = PostPage.objects.filter(short_id=short_id).select_related("author", "gallery").first()
    if begun is not None:
        if begun.author_id == author.pk and begun.is_draft and begun.photos.exists():
            return begun
        short_id = new_short_id()
    originals = [store_original(content, by=author) for content in contents]
    alt_texts = [*alt_texts, *[""] * len(originals)]
    with transaction.atomic():
        home = create_gallery(author, new_gallery) if new_gallery else gallery
        post = create_draft(author, gallery=home, short_id=short_id)
        for original, alt_text in zip(originals, alt_texts, strict=False):
            add_photo(post, original, by=author, alt_text=alt_text)
        return edit_post(post, by=author, **words)
