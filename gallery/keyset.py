"""Pages of a list by keyset: "after this post", never "the 500th page". The cost of a page is the same anywhere."""

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cmp_to_key
from heapq import merge
from itertools import islice

from django.db.models import Q

LARGEST = 2**31 - 1  # what a number in a cursor may be: a mangled one must not overflow a column


@dataclass(frozen=True)
class Page:
    """One page of a list: its items, and the cursor of the next page or an empty string."""

    items: list
    next: str

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


@dataclass(frozen=True)
class By:
    """One column that a list is ordered by: a lookup path, what stands in it (datetime, int or str), and which way."""

    name: str
    kind: type = str
    descending: bool = True


def encode(*place):
    """An opaque cursor for a place in a list: the values (aware datetimes, numbers, strings) of its columns; URL-safe."""
    raw = json.dumps([packed(value) for value in place], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(cursor, kinds=(datetime, str)):
    """The values of a cursor, a tuple, or None for anything that is none: a mangled link shows the first page."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(raw)
        if not isinstance(values, list):
            return None
        return tuple(unpacked(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (binascii.Error, ValueError, TypeError, OverflowError, OSError, RecursionError):
        return None


def packed(value):
    if isinstance(value, datetime):
        return int(value.timestamp()) * 1_000_000 + value.microsecond
    return value


def unpacked(value, kind):
    """A value of a cursor as `kind`. Raises ValueError or TypeError for what is none."""
    if kind is datetime:
        return datetime.fromtimestamp(value // 1_000_000, tz=UTC).replace(microsecond=value % 1_000_000)
    if (
        type(value) is not kind
        or (kind is int and not 0 <= value <= LARGEST)
        or (kind is str and not can_be_stored(value))
    ):
        raise ValueError("no value of this column")
    return value


def can_be_stored(text):
    """Whether a database could hold `text`: neither a NUL nor a lone surrogate is in it, both of which JSON can spell."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def newest(at="published_at", key="short_id"):
    """The order of most lists: newest first by `at`, what is of the same moment by `key`."""
    return (By(at, datetime), By(key))


def turned(order):
    """`order` the other way round."""
    return tuple(replace(by, descending=not by.descending) for by in order)


def after(queryset, cursor, *, at="published_at", key="short_id"):
    """`queryset` without what stands at or before `cursor`, newest first; all of it for a cursor that is none."""
    return after_in(queryset, newest(at, key), cursor)


def after_in(queryset, order, cursor):
    """`queryset` without what stands at or before `cursor` in `order`, a tuple of By; all of it for a cursor that is none."""
    place = decode(cursor, [by.kind for by in order]) if cursor else None
    return behind(queryset, order, place) if place else queryset


def behind(queryset, order, place):
    """`queryset` without what stands at or before `place` in `order`: values of its columns, or expressions for them."""
    further, same = Q(), {}
    for by, value in zip(order, place, strict=True):
        further |= Q(**same, **{f"{by.name}__{'lt' if by.descending else 'gt'}": value})
        same[by.name] = value
    # Spelled so that the first comparison alone can bound an index walk; row values are not Django's.
    first = order[0]
    return queryset.filter(further, **{f"{first.name}__{'lte' if first.descending else 'gte'}": place[0]})


def page_of(queryset, cursor="", *, size=30, at="published_at", key="short_id"):
    """One page of `queryset`, newest first by (`at`, `key`), after `cursor`. One query; returns a Page.

    The columns must be unique together and not null in the queryset.
    """
    return page_in(((queryset, newest(at, key)),), cursor, size=size)


def page_in(lists, cursor="", *, size=30):
    """One page of several lists merged into one, after `cursor`. One query a list; returns a Page.

    `lists`: pairs of a queryset and its order, a tuple of By whose values are unique together and not null. The orders
    may name their columns differently, and else are the same.
    """
    found = [list(after_in(rows, order, cursor).order_by(*map(term, order))[: size + 1]) for rows, order in lists]
    placed = [[(place_of(row, order), row) for row in rows] for rows, (_list, order) in zip(found, lists, strict=True)]
    ways = [by.descending for by in lists[0][1]]
    items = list(islice(merge(*placed, key=cmp_to_key(comparing(ways))), size + 1))
    following = encode(*items[size - 1][0]) if len(items) > size else ""
    return Page([row for _place, row in items[:size]], following)


def term(by):
    return f"-{by.name}" if by.descending else by.name


def place_of(row, order):
    return tuple(attribute(row, by.name) for by in order)


def comparing(ways):
    """A comparison of (place, row) pairs, in which each column goes its own way."""

    def compare(one, other):
        for mine, theirs, descending in zip(one[0], other[0], ways, strict=True):
            if mine != theirs:
                return -1 if (mine > theirs) == descending else 1
        return 0

    return compare


def attribute(item, path):
    """The attribute at a lookup path such as "author__username"."""
    for name in path.split("__"):
        item = getattr(item, name)
    return item
