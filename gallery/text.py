"""What people write: cleaned, cut into tokens for search, and shortened to a title.

Captions, alternative texts and queries are cut alike, here and nowhere else, so that no database's idea of a word
matters: SQLite's FTS5 finds no emoji and cuts `#golden_hour` in two, PostgreSQL's parser has other habits again. What
the engines see is tokens of letters and digits, joined by spaces.

How a text is cut:
- Compatibility forms are made plain (NFKC) and case is folded: `ﬁ` is `fi`, `Straße` is `strasse`.
- Marks are dropped where people leave them out when they type (Latin, Greek, Arabic, Hebrew, the stress marks and the
  dots of `ё` in Cyrillic), and kept where they are letters (Devanagari's vowels, `が`, `й`).
- Arabic: tatweel is dropped; the forms of alef, teh marbuta and alef maqsura, and the Persian yeh and kaf become the
  plain letters, as in Lucene's Arabic normalisation: keyboards and habits differ from country to country.
- Scripts without spaces between words (Han, kana, Thai, Lao, Khmer, Burmese) become pairs of neighbours, and the last
  character of a run stands alone once more: `東京都` is `東京 京都 都`. So every character begins some token, and a
  single one is found by a prefix. Hangul has spaces and is kept as words.
- An underscore joins: `golden_hour` is one token. A hashtag is cut like any word, and stands whole and marked once more
  after the text it is in: `sunset` and `#sunset` both find `#sunset`, `golden` does not find `#golden_hour`.
- An emoji is its code point, `u1f600`. Skin tones are dropped and joined emoji taken apart, so that the plain one is
  found; a flag is the pair of its two letters.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

# Limits of one text. Sizes in characters. PostgreSQL holds 16,383 positions in a vector and 2,046 bytes in a lexeme.
MAX_TEXT = 4_000
MAX_TOKEN = 64
MAX_UNIT = 8  # one character of a script without spaces, with its marks
MAX_TOKENS = 6_000
TITLE_LENGTH = 80

# Tokens are case-folded, and these capitals are not: so nothing that a person types can produce one of them. They lie
# outside ASCII because FTS5's tokenizer folds the case of ASCII letters by itself.
HASHTAG = "Ħ"  # begins a whole hashtag
UNDERSCORE = "Ŧ"  # stands for an underscore within a token
SEPARATOR = "Ð"  # a token between two texts, so that no phrase runs from one into the other

WORD, UNSPACED, EMOJI = "word", "unspaced", "emoji"


class Piece(NamedTuple):
    """A stretch of text cut into tokens; `hashtag` is the token of the whole hashtag that the stretch belongs to."""

    kind: str
    tokens: tuple[str, ...]
    hashtag: str = ""


def tokens(text):
    """The tokens of `text` in reading order, and after them the whole hashtags in it. At most MAX_TOKENS."""
    found, hashtags = [], {}
    for piece in pieces(text):
        found.extend(piece.tokens)
        if piece.hashtag:
            hashtags[piece.hashtag] = None
    return [*found, *hashtags][:MAX_TOKENS]


def token_text(caption, alt_texts):
    """What search holds of a post: the tokens of its caption and of each alternative text (strings), as one line."""
    parts = [" ".join(tokens(text)) for text in (caption, *alt_texts)]
    return " ".join(f" {SEPARATOR} ".join(part for part in parts if part).split(" ")[:MAX_TOKENS])


def pieces(text):
    """The pieces of `text`, a list of Piece in reading order, of at most its first MAX_TEXT characters."""
    text = fold(text[:MAX_TEXT])
    # One letter for each character's class: expressions over it find the pieces, whatever the script.
    classes = "".join(map(class_of, text))
    found, after_hashtag = [], False
    for match in PIECE.finditer(classes):
        start, end = match.span()
        if classes[start] in "ef":
            code = "".join(f"u{ord(character):x}" for character in text[start:end])
            found.append(Piece(EMOJI, (code,)))
            after_hashtag = False
            continue
        # `#` begins a hashtag unless a word runs up to it: `C#` and `a#b` hold none, `#one#two` holds two.
        is_hashtag = classes[start] == "#" and (after_hashtag or start == 0 or classes[start - 1] not in WORD_CLASSES)
        start += classes[start] == "#"
        whole = joined(text[start:end])
        mark = HASHTAG + whole if is_hashtag and whole else ""
        for part in PART.finditer(classes, start, end):
            found.extend(cut(text, classes, *part.span(), mark))
        after_hashtag = bool(mark)
    return found


def cut(text, classes, start, end, mark):
    """The piece of one part of a word, in one kind of script: a list of one Piece, or of none for marks alone."""
    if classes[start] == "c":
        units = [text[slice(*unit.span())][:MAX_UNIT] for unit in UNIT.finditer(classes, start, end)]
        pairs = [one + other for one, other in pairwise(units)]
        return [Piece(UNSPACED, (*pairs, units[-1]), mark)]
    word = joined(text[start:end])
    return [Piece(WORD, (word,), mark)] if word else []


def joined(word):
    """A word as a token: no underscores at its ends, those within encoded, not too long."""
    return re.sub("_+", UNDERSCORE, word.strip("_"))[:MAX_TOKEN].rstrip(UNDERSCORE)


# --- Folding ----------------------------------------------------------------------------------------------------------

# Latin letters with a stroke or tied together, which Unicode does not take apart and which people type plainly; then
# Arabic. (Hamza and madda above an alef are marks, which go by themselves.)
PLAIN = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
        "\N{ARABIC TATWEEL}": "",
        "\N{ARABIC LETTER ALEF WASLA}": "\N{ARABIC LETTER ALEF}",
        "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
        "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}",
        "\N{ARABIC LETTER FARSI YEH}": "\N{ARABIC LETTER YEH}",
        "\N{ARABIC LETTER KEHEH}": "\N{ARABIC LETTER KAF}",
    }
)  # fmt: skip
SCRIPTS_WITHOUT_MARKS = ("LATIN ", "GREEK ", "ARABIC ", "EXTENDED ARABIC", "HEBREW ")
STRESS = {"\N{COMBINING GRAVE ACCENT}", "\N{COMBINING ACUTE ACCENT}", "\N{COMBINING DIAERESIS}"}


def fold(text):
    """`text` with everything made alike that search holds alike: width, case, marks, digits."""
    text = "".join(filter(None, map(visible, text)))
    # Folding case can bring back what normalising took apart, and the other way round: hence twice.
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).casefold()
    kept, base = [], ""
    for character in text.translate(PLAIN):
        if unicodedata.category(character)[0] != "M":
            base = character
            decimal = unicodedata.decimal(character, None)
            kept.append(character if decimal is None else str(decimal))
        elif keeps_mark(base, character):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(maxsize=4096)
def visible(character):
    """The character, a space for a zero-width one that parts words, and nothing for what is not seen."""
    if character == "\N{ZERO WIDTH SPACE}":
        return " "
    # Format characters (joiners, direction marks, soft hyphens), variation selectors, skin tones.
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or "🏻" <= character <= "🏿":
        return ""
    return character


@lru_cache(maxsize=4096)
def keeps_mark(base, mark):
    """Whether `mark` belongs to the letter `base`, or is left out by people who type."""
    if not base or unicodedata.category(base)[0] != "L" or unicodedata.category(mark) == "Me":
        return False
    name = unicodedata.name(base, "")
    if name.startswith("CYRILLIC "):
        return mark not in STRESS
    return not name.startswith(SCRIPTS_WITHOUT_MARKS)


# --- Classes ----------------------------------------------------------------------------------------------------------

# w: letter or digit. c: letter of a script without spaces. m: mark. _: underscore. #: number sign. e: emoji.
# f: one half of a flag. A space: anything else.
WORD_CLASSES = "wcm_"
PIECE = re.compile("#?[wcm_]+|ff?|e")
PART = re.compile("(?:cm*)+|[w_m]+")
UNIT = re.compile("cm*")

# Han with its iteration marks and the zero, bopomofo, kana, Thai and Lao, Burmese, Khmer: first and last code points.
WITHOUT_SPACES = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029),
    (0x303B, 0x303C), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x3105, 0x312F),
    (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x3FFFD),
)  # fmt: skip
FIRST_EMOJI = 0x2190  # below lie ©, ° and their like, which people set between words


@lru_cache(maxsize=8192)
def class_of(character):
    """The class of one folded character: see above."""
    code, category = ord(character), unicodedata.category(character)
    if character in "_#":
        return character
    if category[0] in "LN":
        return "c" if any(first <= code <= last for first, last in WITHOUT_SPACES) else "w"
    if category[0] == "M":
        return "m"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "f"
    return "e" if category == "So" and code >= FIRST_EMOJI else " "


# --- Cleaning and titles ----------------------------------------------------------------------------------------------

# Embeddings and overrides of direction, which could turn round what stands beside them. Isolates are harmless.
BIDI_OVERRIDES = {*"\u202a\u202b\u202c\u202d\u202e"}


def clean_text(text):
    """What a person typed, fit to keep: NFC, trimmed, lines ended by a newline, no other control character.

    Leaves out NUL, lone surrogates (neither database stores them) and overrides of the reading direction.
    """
    text = re.sub("\r\n?|[\u0085\u2028\u2029]", "\n", text).replace("\t", " ")
    kept = (c for c in text if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in BIDI_OVERRIDES))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def title_of(caption, author_name):
    """A post's title: the caption's first TITLE_LENGTH characters cut at a word, on one line, or "Photo by <name>"."""
    line = " ".join(clean_text(caption).split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in line):
        return one_line(_("Photo by %(name)s") % {"name": author_name})
    return one_line(line)


def one_line(text):
    """At most TITLE_LENGTH characters of `text`, on one line, cut at a word where there is one to cut at."""
    line = " ".join(clean_text(text).split())
    if len(line) <= TITLE_LENGTH:
        return line
    head = line[:TITLE_LENGTH]
    if line[TITLE_LENGTH] != " " and " " in head:
        head = head.rpartition(" ")[0]
    else:
        # One word from end to end, as in Chinese: not between a character and what belongs to it.
        end = TITLE_LENGTH
        while end > 1 and (belongs_to_the_one_before(line[end]) or line[end - 1] == "\u200d"):
            end -= 1
        head = line[:end]
    return head.rstrip()


def belongs_to_the_one_before(character):
    """Whether `character` is a mark, a joiner or a skin tone."""
    return unicodedata.category(character)[0] == "M" or character == "\u200d" or "🏻" <= character <= "🏿"
