"""What a person typed into the search field, as terms that a search engine can be asked for.

    golden hour         posts with both words
    "golden hour"       with the two as neighbours, in this order; typographic quotes will do
    golden -hour        with the one and without the other; -"golden hour" leaves out the phrase
    #sunset             with the hashtag; sunset finds it as well

Nothing is an error: a quotation mark without its partner is none, an operator alone means nothing, and what is too long
is cut. No engine ever sees what was typed, only tokens of `gallery.text`.
"""

import re
from dataclasses import dataclass

from gallery.text import EMOJI, UNSPACED, pieces

# Bounds of one query, so that no request costs much: a phrase costs the engines one lookup for each of its tokens.
MAX_QUERY = 400  # characters
MAX_TERMS = 16  # words and phrases, left-out ones included
MAX_PHRASE = 24  # tokens


@dataclass(frozen=True)
class Term:
    """Tokens that stand side by side in this order; with `prefix` the last may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """What must all be there, and what must not."""

    include: tuple[Term, ...] = ()
    exclude: tuple[Term, ...] = ()

    def __bool__(self):
        """Whether it asks for anything. What is only left out asks for nothing."""
        return bool(self.include)


OPENING_QUOTES, CLOSING_QUOTES = '"“”„‟«»‹›「『＂', '"“”«»‹›」』＂'
MINUS = "-‐−－﹣"
# A phrase, or a run of anything but space and what opens a phrase; with any number of minus signs where it begins.
CHUNK = re.compile(
    rf"(?P<minus>(?<!\S)[{MINUS}]+)?"
    rf"(?:[{OPENING_QUOTES}](?P<phrase>[^{OPENING_QUOTES}{CLOSING_QUOTES}]*)[{CLOSING_QUOTES}]"
    rf"|(?P<word>[^\s{OPENING_QUOTES}{CLOSING_QUOTES}]+))"
)


def parse(text):
    """The Query that `text` (any string) asks for. Never raises; at most MAX_TERMS terms."""
    include, exclude = {}, {}
    for chunk in CHUNK.finditer(text[:MAX_QUERY]):
        quoted = chunk["phrase"] is not None
        if chunk["minus"]:
            exclude.update(dict.fromkeys(left_out(chunk["phrase"] if quoted else chunk["word"])))
        elif quoted:
            include.update(dict.fromkeys(phrase_terms(chunk["phrase"])))
        else:
            include.update(dict.fromkeys(word_terms(chunk["word"])))
    # What is looked for goes before what is left out; neither crowds the other out entirely.
    include = tuple(include)[: MAX_TERMS - min(len(exclude), MAX_TERMS // 2)]
    return Query(include, tuple(exclude)[: MAX_TERMS - len(include)])


def word_terms(text):
    """The terms of what was typed without a space: `f/2.8` is a phrase, emoji and hashtags are terms of their own."""
    terms, run = [], []
    for piece in pieces(text):
        if piece.hashtag or piece.kind == EMOJI:
            terms += [neighbours(run), Term((piece.hashtag or piece.tokens[0],))]
            run = []
        else:
            run.append(piece)
    return [term for term in (*terms, neighbours(run)) if term]


def phrase_terms(text):
    """The terms of a quoted phrase: its words as neighbours, and each hashtag in it as such."""
    found = pieces(text)
    hashtags = {piece.hashtag for piece in found}
    if len(hashtags) == 1 and found[0].hashtag:
        return [Term((found[0].hashtag,))]
    whole = [Term((piece.hashtag,)) for piece in found if piece.hashtag]
    return [term for term in (neighbours(found), *whole) if term]


def left_out(text):
    """The term that leaves out a word or phrase (what holds all of it as neighbours): a list of one, or of none."""
    return phrase_terms(text)[:1]


def neighbours(found):
    """The term for pieces that stand side by side, or None for none."""
    tokens = [token for piece in found for token in piece.tokens]
    if not tokens:
        return None
    prefix = False
    if found[-1].kind == UNSPACED:
        # A text may go on after its last character. One of several stands in a pair already; one alone begins some.
        if len(found[-1].tokens) > 1:
            tokens.pop()
        else:
            prefix = True
    return Term(tuple(tokens[:MAX_PHRASE]), prefix and len(tokens) <= MAX_PHRASE)
