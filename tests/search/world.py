"""Posts for search tests: rows as publishing leaves them, without the work on pictures, which search never looks at."""

from django.contrib.auth.models import AnonymousUser

from community.visibility import posts_for
from gallery.models import Hashtag, PostHashtag, PostPage
from gallery.text import title_of, token_text
from search.backends import engine_of
from search.query import parse
from tests.factories import first_gallery


def a_listed_post(author, caption, *alt_texts, **fields):
    """A visible, public post of `author` with this caption, in their first gallery; `fields` are columns of its row."""
    post = PostPage(
        author=author,
        gallery=fields.pop("gallery", None) or first_gallery(author),
        caption=caption,
        title=title_of(caption, author.name),
        tokens=token_text(caption, alt_texts),
        **{"photos_ready": True, **fields},
    )
    post.slug = post.short_id
    post.gallery.add_child(instance=post)
    return post


def tagged(post, *names):
    """Rows as publishing leaves them."""
    for name in names:
        hashtag, _made = Hashtag.objects.get_or_create(name=name)
        PostHashtag.objects.get_or_create(
            hashtag=hashtag, post=post, defaults={"published_at": post.published_at, "short_id": post.short_id}
        )


def find(text, cursor="", size=30, viewer=None):
    """The page of posts that `text` finds for `viewer`."""
    return engine_of().find(parse(text), posts_for(viewer or AnonymousUser()).listed(), cursor, size)


def captions(text, **options):
    """The captions of what `text` finds, newest first."""
    return [post.caption for post in find(text, **options)]
