"""Pages of a list by keyset: "after this post", never "the 500th page". The cost of a page is the same anywhere."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q


@dataclass(frozen=True)
class Page:
    """One page of a list: its items, and the cursor of the next page or an empty string."""

    items: list
    next: str

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


def encode(at, key):
    """An opaque cursor for a place in a list: `at` (aware datetime) and `key` (string), URL-safe."""
    raw = json.dumps([int(at.timestamp()) * 1_000_000 + at.microsecond, key], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(cursor):
    """The (datetime, key) of a cursor, or None for anything that is none: a mangled link shows the first page."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        micros, key = json.loads(raw)
        at = datetime.fromtimestamp(micros // 1_000_000, tz=UTC).replace(microsecond=micros % 1_000_000)
    except (binascii.Error, ValueError, TypeError, OverflowError, OSError, RecursionError):
        return None
    return (at, key) if isinstance(key, str) and "\x00" not in key else None


def after(queryset, cursor, *, at="published_at", key="short_id"):
    """`queryset` without what stands at or before `cursor`, newest first; all of it for a cursor that is none."""
    place = decode(cursor) if cursor else None
    if not place:
        return queryset
    # Spelled so that the first comparison alone can bound an index walk; row values are not Django's.
    return queryset.filter(
        Q(**{f"{at}__lt": place[0]}) | Q(**{at: place[0], f"{key}__lt": place[1]}), **{f"{at}__lte": place[0]}
    )


def page_of(queryset, cursor="", *, size=30, at="published_at", key="short_id"):
    """One page of `queryset`, newest first by (`at`, `key`), after `cursor`. One query; returns a Page.

    The columns must be unique together and not null in the queryset.
    """
    queryset = after(queryset, cursor, at=at, key=key)
    items = list(queryset.order_by(f"-{at}", f"-{key}")[: size + 1])
    more = len(items) > size
    items = items[:size]
    last = items[-1] if items else None
    return Page(items, encode(attribute(last, at), attribute(last, key)) if more else "")


def attribute(item, path):
    """The attribute at a lookup path such as "author__username"."""
    for name in path.split("__"):
        item = getattr(item, name)
    return item
