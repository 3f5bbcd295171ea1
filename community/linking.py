"""Making what people wrote safe to show, with links: #hashtags, @mentions and web addresses. Everything else is escaped.

A mention becomes a link only where a row of `Mention` says whom it means; hashtags are cut as search cuts them; an address
is a link only where its host can be told for what it is. Nothing that a person typed reaches a page unescaped.
"""

import re
import unicodedata
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from gallery.hashtags import SPOT, URL, hashtag_at

MENTION = re.compile(r"(?<![\w@/.\-])@([a-z0-9](?:[a-z0-9_-]{1,28})[a-z0-9])(?![\w@])", re.IGNORECASE | re.ASCII)
MOST_SHOWN = 40  # characters of an address
# What follows an address in a sentence rather than belonging to it.
ENDINGS = ".,;:!?'\"…»”’]}>*_~"
# Scripts with letters that pass for Latin ones.
LOOK_LATIN = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
# Scripts that are written together.
TOGETHER = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "HANGUL", "LATIN"}
LAST_COMMON_LATIN = "\u024f"


def names_in(text):
    """The usernames that `text` mentions, in lower case, in order, each once."""
    text = URL.sub(" ", text)
    return list(dict.fromkeys(match[1].lower() for match in MENTION.finditer(text)))


def linked(text, people=None):
    """`text` as safe HTML with links, line ends kept; `people` is {name as mentioned: present username}."""
    people, parts, done, after_hashtag = people or {}, [], 0, -1
    for match in SPOT.finditer(text):
        if match.start() < done:
            continue
        end, link = link_at(text, match, people, after_hashtag=match.start() == after_hashtag)
        if link:
            parts += [escape(text[done : match.start()]), link]
            done = end
            after_hashtag = end if match["hash"] else -1
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308 (every part is escaped or comes from format_html)


def link_at(text, match, people, *, after_hashtag):
    """(where it ends, its HTML) of what begins at `match`; the HTML is empty where nothing does."""
    start = match.start()
    if match["url"]:
        return address_link(match["url"], start)
    if match["at"]:
        mention = MENTION.match(text, start)
        username = people.get(mention[1].lower()) if mention else None
        if not username:
            return start, ""
        return mention.end(), format_html('<a href="{}">{}</a>', reverse("member", args=[username]), mention[0])
    end, name = hashtag_at(text, start, after_hashtag=after_hashtag)
    if not name:
        return start, ""
    return end, format_html('<a href="{}">{}</a>', reverse("hashtag", args=[name]), text[start:end])


# --- Addresses --------------------------------------------------------------------------------------------------------


def address_link(found, start):
    """A link to the address at the beginning of `found`, as link_at."""
    url = trimmed(found)
    end = start + len(url)
    parts = parsed(url)
    if parts is None:
        return end, escape(url)
    host, rest = parts
    shown = shortened(shown_host(host) + rest.rstrip("/"))
    scheme = url.partition(":")[0].lower()
    return end, format_html(
        '<a href="{}" rel="nofollow ugc noopener noreferrer" dir="ltr">{}</a>',
        iri_to_uri(f"{scheme}://{in_ascii(host)}{rest}"),
        shown,
    )


def trimmed(url):
    """`url` without the punctuation of the sentence that it ends, and without a bracket that opened before it."""
    while url:
        if url[-1] in ENDINGS or (url[-1] == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        else:
            break
    return url


def parsed(url):
    """(host and port, the rest) of an address that may be a link; None for one that is none or could deceive."""
    try:
        parts = urlsplit(url)
        _port = parts.port  # raises for what is none
        host = parts.hostname or ""
        ascii_host = in_ascii(host)
    except (ValueError, UnicodeError):
        return None
    # Somebody's name before an @ would pass for the host; a host without a dot is somebody's own network.
    known = len(host) <= 253 and parts.scheme in ("http", "https") and "@" not in parts.netloc and "\\" not in url
    if not known or not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+\.?", ascii_host):
        return None
    port = f":{parts.port}" if parts.port else ""
    return host + port, url[url.index("//") + 2 + len(parts.netloc) :]


def in_ascii(host):
    """A host as it is asked for. Raises UnicodeError for what is none."""
    name, colon, port = host.partition(":")
    return name.encode("idna").decode().lower() + colon + port


def shown_host(host):
    """A host as people read it; as it is asked for where its letters could pass for other ones."""
    name, colon, port = host.partition(":")
    name = name if all(is_plain(label) for label in name.split(".")) else in_ascii(name)
    return name.removeprefix("www.") + colon + port


def is_plain(label):
    """Whether a part of a host is of one script, or of scripts written together, and passes for nothing else."""
    if label.isascii():
        return True
    scripts = set()
    for character in unicodedata.normalize("NFKC", label):
        category = unicodedata.category(character)
        if category[0] not in "LNM" and character != "-":
            return False
        if category[0] == "L":
            scripts.add(unicodedata.name(character, "?").split(" ")[0])
            if scripts & {"LATIN"} and character > LAST_COMMON_LATIN and "LATIN" in unicodedata.name(character, ""):
                return False
    return not scripts.intersection(LOOK_LATIN) and (len(scripts) <= 1 or scripts <= TOGETHER)


def shortened(address):
    return address if len(address) <= MOST_SHOWN else f"{address[: MOST_SHOWN - 1]}…"
