"""Words that a member does not want to read in comments: one a line, matched as whole words in any script."""

from dataclasses import dataclass

from gallery.text import UNSPACED, pieces

from .words import MOST_HIDDEN


@dataclass(frozen=True)
class Needle:
    """Tokens that stand side by side; `prefix` where the last may go on; `hashtag` where that must be in the text."""

    tokens: tuple[str, ...]
    prefix: bool = False
    hashtag: str = ""


def needles_of(words):
    """The Needles for what a member typed, one a line; lines that say nothing are left out."""
    found = []
    for line in words.splitlines()[:MOST_HIDDEN]:
        cut = pieces(line)
        if not cut:
            continue
        tokens, prefix = [], False
        for piece in cut:
            # Scripts without spaces: the last character stands alone once more, unless it is all there is.
            prefix = piece.kind == UNSPACED and len(piece.tokens) == 1
            tokens += piece.tokens[:-1] if piece.kind == UNSPACED and not prefix else piece.tokens
        hashtag = cut[0].hashtag if all(piece.hashtag == cut[0].hashtag for piece in cut) else ""
        found.append(Needle(tuple(tokens), prefix, hashtag))
    return found


def hides(needles, text):
    """Whether `text` has one of `needles` in it."""
    if not needles:
        return False
    cut = pieces(text)
    hashtags = {piece.hashtag for piece in cut if piece.hashtag}
    tokens = [token for piece in cut for token in piece.tokens]
    return any(is_in(needle, tokens, hashtags) for needle in needles)


def is_in(needle, tokens, hashtags):
    if needle.hashtag:
        return needle.hashtag in hashtags
    length = len(needle.tokens)
    for start in range(len(tokens) - length + 1):
        here = tuple(tokens[start : start + length])
        if here == needle.tokens:
            return True
        if needle.prefix and here[:-1] == needle.tokens[:-1] and here[-1].startswith(needle.tokens[-1]):
            return True
    return False
