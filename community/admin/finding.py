"""Finding posts in the console: by address or short id, by member, by caption.

How captions are found belongs to `search`, which stands above this app: it hands its way in with `use`.
"""

import re

from gallery import keyset, text

# Base-58, ten characters: alone, or at the end of a pasted address.
SHORT_ID = re.compile(r"(?:^|/)([1-9A-HJ-NP-Za-km-z]{10})/?(?:[?#].*)?$")
_by_caption = None


def use(by_caption):
    """Find captions by `by_caption(query, posts, cursor, size)`, which returns a keyset.Page, whatever the posts' state."""
    global _by_caption
    _by_caption = by_caption


def find_posts(query, posts, cursor="", *, size):
    """One page of what a moderator typed: "@ana", a short id, an address of the site, or words of a caption.

    `posts` is a queryset, already narrowed; returns a keyset.Page, newest first.
    """
    query = query.replace("\x00", "").strip()
    if query.startswith("@"):
        posts = posts.filter(author__username=query[1:].lower())
    elif (match := SHORT_ID.search(query)) and ("/" in query or posts.filter(short_id=match[1]).exists()):
        # Ten letters alone may be a word as well.
        posts = posts.filter(short_id=match[1])
    elif query:
        return (_by_caption or by_tokens)(query, posts, cursor, size)
    return keyset.page_of(posts, cursor, size=size, at="created_at")


def by_tokens(query, posts, cursor, size):
    """What finds captions while no search is installed: every word, by a walk over the newest posts."""
    for token in text.tokens(query)[:10]:
        posts = posts.filter(tokens__contains=token)
    return keyset.page_of(posts, cursor, size=size, at="created_at")
