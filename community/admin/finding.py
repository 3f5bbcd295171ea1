"""Finding posts in the console: by address or short id, by member, by caption.

How captions are found belongs to `search`, which stands above this app: it hands its way in with `use`.
"""

import re

from django.db.models import Q

from gallery import text

# Base-58, ten characters: alone, or at the end of a pasted address.
SHORT_ID = re.compile(r"(?:^|/)([1-9A-HJ-NP-Za-km-z]{10})/?(?:[?#].*)?$")
_matching = None


def use(matching):
    """Find captions with `matching(posts, query)`, which narrows a queryset of posts. Called when `search` is ready."""
    global _matching
    _matching = matching


def find_posts(posts, query):
    """Narrow `posts` to what a moderator typed: "@ana", a short id, an address of the site, or words of a caption."""
    query = query.replace("\x00", "").strip()
    if not query:
        return posts
    if query.startswith("@"):
        return posts.filter(author__username=query[1:].lower())
    if match := SHORT_ID.search(query):
        by_id = posts.filter(short_id=match[1])
        # Ten letters may be a word as well.
        if "/" in query or by_id.exists():
            return by_id
    if _matching is not None:
        return _matching(posts, query)
    wanted = Q()
    for token in text.tokens(query)[:10]:
        wanted &= Q(tokens__contains=token)
    return posts.filter(wanted)
