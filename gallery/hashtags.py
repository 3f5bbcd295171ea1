"""Hashtags: which there are in a text, and where, cut and folded as search does it (text.py); and the rows that say which
hashtags a post has, kept in step with its caption and with when it was published."""

import re

from .models.hashtags import NUMBER_SIGNS, Hashtag, PostHashtag
from .text import HASHTAG, MAX_TOKEN, UNDERSCORE, WORD_CLASSES, class_of, fold, pieces, visible

URL = re.compile(r"https?://[^\s<>\"\u200b\u2066-\u2069]+", re.IGNORECASE)
# Where a link may begin: an address, a mention, a hashtag (also of full width, as Chinese and Japanese keyboards have it).
SPOT = re.compile(rf"(?P<url>{URL.pattern})|(?P<at>@)|(?P<hash>[{NUMBER_SIGNS}])", re.IGNORECASE)


def hashtags_in(text):
    """The names of the hashtags in `text`, folded, in order, each once. What an address has behind # is none."""
    marks = (piece.hashtag for piece in pieces(URL.sub(" ", text)) if piece.hashtag)
    return [name for mark in dict.fromkeys(marks) if (name := name_of(mark))]


def name_of(mark):
    """The name that a hashtag's token stands for; empty for one of digits alone, which is a number ("#1")."""
    name = mark.removeprefix(HASHTAG).replace(UNDERSCORE, "_")
    return "" if re.fullmatch(r"[\d_]*", name) else name


def folded_name(typed):
    """The name of the hashtag that somebody typed, with or without #; empty for what is none."""
    return next(iter(hashtags_in(f"#{typed.lstrip(NUMBER_SIGNS)[:MAX_TOKEN]}")), "")


def hashtag_at(text, start, *, after_hashtag=False):
    """(where it ends, its name) of the hashtag that begins at `start` of `text`; the name is empty where none does.

    `after_hashtag` says that another one ends right there: `#one#two` holds two, `C#` none.
    """
    if start and not after_hashtag and is_of_word(text[start - 1]):
        return start, ""
    end = start + 1
    while end < len(text) and is_of_word(text[end]):
        end += 1
    while end > start + 1 and not visible(text[end - 1]):
        end -= 1
    names = hashtags_in(text[start:end])
    return (end, names[0]) if len(names) == 1 else (start, "")


def is_of_word(character):
    """Whether a character continues a word, or is not seen at all and so does not end one."""
    if not visible(character):
        return True
    folded = fold(character)
    return all(class_of(one) in WORD_CLASSES for one in folded)


# --- Rows -------------------------------------------------------------------------------------------------------------


def bring_hashtags_in_step(post, *, new=False):
    """Have the rows of `post` say which hashtags its caption has. In the transaction that changes the caption.

    One query for what there is (none for a `new` post), and a few where something is missing.
    """
    names = hashtags_in(post.caption)
    rows = [] if new else PostHashtag.objects.filter(post=post).select_related("hashtag")
    present = {row.hashtag.name: row for row in rows}
    gone = [row.pk for name, row in present.items() if name not in names]
    if gone:
        PostHashtag.objects.filter(pk__in=gone).delete()
    add_rows([(post.pk, post.short_id, post.published_at, [name for name in names if name not in present])])


def add_rows(posts, hashtags=Hashtag, rows=PostHashtag):
    """Add rows for `posts`, a list of (primary key, short id, published at, names of hashtags that have no row yet)."""
    # Sorted, so that two at once that make the same hashtags wait for each other and do not cross.
    names = sorted({name for *_post, names in posts for name in names})
    if not names:
        return
    hashtags.objects.bulk_create([hashtags(name=name) for name in names], ignore_conflicts=True)
    keys = dict(hashtags.objects.filter(name__in=names).values_list("name", "pk"))
    rows.objects.bulk_create(
        [
            rows(post_id=key, short_id=short_id, published_at=published_at, hashtag_id=keys[name])
            for key, short_id, published_at, names in posts
            for name in names
        ],
        ignore_conflicts=True,
    )
