"""Every text that a person reads can be translated: templates hold none outside the tags for it."""

import re

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

TEMPLATES = settings.BASE_DIR / "templates"
# What is the same in every language: names, signs, and the format of files.
ALIKE = re.compile(r"\b(PixlPix|RSS|Atom|oEmbed|JPEG|PNG|WebP|JSON|SHA-256|English|MB|x)\b")
ATTRIBUTES_THAT_ARE_READ = re.compile(r"""\b(?:alt|title|placeholder|aria-label|label|summary)=(["'])(.*?)\1""", re.S)
CLASSES = re.compile(r"{% block \w+_class %}.*?{% endblock %}")  # these fill an attribute that nobody reads
WITHIN = {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans", "comment": "endcomment"}
KEPT_APART = "\x1f"  # stands where a tag of the template language stood, so that no two texts grow together


def without_template_language(source):
    """The text of a template as it stands outside tags, variables and what is marked for translation."""
    kept, until = [], None
    for token in Lexer(CLASSES.sub(" ", source)).tokenize():
        name = token.contents.split(" ")[0] if token.token_type is TokenType.BLOCK else None
        if until:
            until = None if name == until else until
        elif name in WITHIN:
            until = WITHIN[name]
            kept.append(KEPT_APART)
        elif token.token_type is TokenType.TEXT:
            kept.append(token.contents)
        else:
            kept.append(KEPT_APART)
    return "".join(kept)


def untranslated(source):
    """Words of a template that no translator would be shown."""
    text = without_template_language(source)
    read = [value for _quote, value in ATTRIBUTES_THAT_ARE_READ.findall(text)]
    text = re.sub(r"<!--.*?-->|<(script|svg|xml)\b.*?</\1>", " ", text, flags=re.S)
    read.append(re.sub(r"<[^>]*>", " ", text, flags=re.S))
    return [word for part in read for word in re.findall(r"[^\W\d_]{2,}", ALIKE.sub(" ", part))]


@pytest.mark.parametrize(
    "source",
    [
        "<p>Left out</p>",
        '<img alt="A picture">',
        '<a title="{{ name }} again">{{ name }}</a>',
        "{% blocktranslate %}In{% endblocktranslate %} out",
    ],
)
def test_the_scan_sees_words_that_were_left_out(source):
    assert untranslated(source)


@pytest.mark.parametrize(
    "path",
    sorted(p for p in TEMPLATES.rglob("*") if p.suffix in (".html", ".txt") and p.is_file()),
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_template_holds_no_words_outside_translation(path):
    assert untranslated(path.read_text()) == []
