"""Looking for what was put out of reach in a page, a feed or an answer of the API.

An address, a file's name or a key is looked for as it is. Words are compared without regard to case, spaces, markup and
escapes, line by line: a line of LONG characters or more wherever it stands. A shorter one may stand anywhere by chance, so it
counts where it is all that an element, an attribute or a value says; of a comment, in the comment's own element alone.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from html import unescape

from bs4 import BeautifulSoup

LONG = 12  # characters from which on a line is nobody else's by chance
MOST = 80  # of a line that are looked for: what quotes it may cut it short
ATTRIBUTES = ("content", "href", "title", "alt", "aria-label")
ADDRESS = re.compile(r"https?://\S+")
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Sought:
    """What a page must not hold: `marks` as they are, `passages` and `short` words flattened, these within `anchor`."""

    marks: tuple = ()
    passages: tuple = ()
    short: tuple = ()
    anchor: str = ""

    def is_in(self, body):
        """Whether any of it stands in `body`, the bytes of a page, a feed or JSON."""
        if any(mark.encode() in body for mark in self.marks if mark):
            return True
        if not (self.passages or self.short):
            return False
        text = body.decode("utf-8", "replace")
        values = values_of(text)
        readable = text if values is None else "\n".join(values)
        if any(passage in version for version in versions_of(readable) for passage in self.passages):
            return True
        return bool(self.short) and not set(self.short).isdisjoint(wholes(text, values, self.anchor))


def words(*texts, anchor=""):
    """What to look for so as to find any of these texts."""
    lines = [flat(part) for text in texts for line in text.splitlines() for part in ADDRESS.split(line)]
    passages = tuple(line[:MOST].rstrip() for line in lines if len(line) >= LONG)
    return Sought(passages=passages, short=tuple(line for line in lines if 0 < len(line) < LONG), anchor=anchor)


def flat(text):
    """A text as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def versions_of(text):
    """`text` as it may have been escaped, once or twice, and without markup."""
    for _time in range(3):
        yield flat(text)
        yield flat(TAG.sub("", text))
        text = unescape(text)


def values_of(text):
    """Every string in JSON; None for what is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return list(strings_in(found))


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings_in(one)


def wholes(text, values, anchor):
    """What single elements, attributes or values of JSON say as a whole; of the element `anchor` alone where there is one."""
    if values is not None:
        return {flat(value) for value in values}
    if text.lstrip().startswith("<?xml"):  # a feed: it holds escaped HTML
        text = unescape(text.partition("?>")[2])
    page = BeautifulSoup(text, "html.parser")
    root = page.find(id=anchor) if anchor else page
    if root is None:
        return set()
    found = {flat(string) for string in root.stripped_strings}
    found |= {flat(element.get_text()) for element in root.find_all(True) if len(element.get_text()) < 10 * LONG}
    found |= {flat(element[name]) for element in root.find_all(True) for name in ATTRIBUTES if element.get(name)}
    return found
