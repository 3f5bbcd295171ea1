"""Links in what people write: what becomes one, what does not, and that nothing typed ever reaches a page as HTML."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.linking import linked, names_in
from gallery.hashtags import hashtags_in

PEOPLE = {"ana": "ana", "old-name": "new-name"}


class Links(HTMLParser):
    """The links and the text of some HTML."""

    def __init__(self, html):
        super().__init__()
        self.links, self.tags, self.text = [], set(), ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links.append(dict(attrs))

    def handle_data(self, data):
        self.text += data


def links_of(text):
    return [link["href"] for link in Links(linked(text, PEOPLE)).links]


# --- Mentions and hashtags --------------------------------------------------------------------------------------------


def test_mentions_lead_to_the_members_present_page():
    assert links_of("With @Ana, (@old-name) and @stranger") == ["/members/ana/", "/members/new-name/"]


@pytest.mark.parametrize(
    "text", ["milo@ana.example", "https://x.example/@ana", "@ana@elsewhere.example", "@anabel", "@@ana"]
)
def test_what_only_looks_like_a_mention_is_none(text):
    assert "/members/" not in linked(text, PEOPLE)
    assert "ana" not in names_in(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#Föhn and #fohn", ["fohn"]),
        ("#golden_hour, #one#two", ["golden_hour", "one", "two"]),
        ("＃東京 #日本語タグ", ["東京", "日本語タグ"]),
        ("C# and a#b and #1 and ##", []),
        ("https://x.example/#part", []),
        ("(#dawn)", ["dawn"]),
    ],
)
def test_hashtags_are_those_that_search_finds_and_each_links(text, names):
    assert hashtags_in(text) == names
    found = [link for link in links_of(text) if "x.example" not in link]
    assert len(set(found)) == len(names)


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_an_address_is_a_link_that_vouches_for_nothing_without_the_full_stop_behind_it():
    html = linked("See https://www.example.org/a_(b)?c=1&d=2. (http://example.org)")
    links = Links(html)
    assert [link["href"] for link in links.links] == ["https://www.example.org/a_(b)?c=1&d=2", "http://example.org"]
    assert {link["rel"] for link in links.links} == {"nofollow ugc noopener noreferrer"}
    assert links.text == "See example.org/a_(b)?c=1&d=2. (example.org)"


def test_a_long_address_is_shown_shortened():
    assert len(Links(linked("https://example.org/" + "a" * 500)).text) == 40


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,<script>",
        "https://paypal.example@evil.example/",
        "https://localhost/",
        "https://",
        "https://..",
        "https://example.org:port/",
        "https://[::1]/",
        "https://exa\\mple.org/",
    ],
)
def test_what_could_deceive_or_is_no_address_is_plain_text(text):
    assert links_of(text) == []


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("пример.example", "xn--e1afmkfd.example"),  # could pass for Latin
        ("pаypal.example", "xn--pypal-4ve.example"),  # one Cyrillic letter
        ("ɡoogle.example", "xn--oogle-qmc.example"),  # a Latin letter that few know
        ("föhn.example", "föhn.example"),
        ("東京タワー.example", "東京タワー.example"),
    ],
)
def test_a_host_whose_letters_pass_for_others_is_shown_as_it_is_asked_for(host, shown):
    assert Links(linked(f"https://{host}/")).text == shown


# --- Safety -----------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "<script>",
        "</a>",
        '"',
        "'",
        "&lt;",
        "https://",
        "http://x.example/",
        "@ana",
        "#dawn",
        "＃",
        "javascript:",
        "\n",
        ">",
        "\u202e",
        "é",
        "\x00",
        "\x1f",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=12).map("".join))


@given(TEXTS)
def test_whatever_is_typed_the_page_has_links_alone_and_the_text_as_it_was(text):
    found = Links(linked(text, PEOPLE))
    assert found.tags <= {"a"}
    for link in found.links:
        assert set(link) <= {"href", "rel", "dir"}
        assert link["href"].startswith(("/members/", "/search/", "/tags/")) or (
            urlsplit(link["href"]).scheme in ("http", "https") and urlsplit(link["href"]).hostname
        )
    if not found.links and "\x00" not in text:
        assert found.text == text
    assert "<script" not in linked(text, PEOPLE).lower()


@given(TEXTS)
def test_a_hashtag_has_a_name_that_fits_its_address(text):
    names = hashtags_in(text)
    assert all(name == name.strip("_") and name and len(name) <= 64 for name in names)
