"""What every search engine does, on whichever database DATABASE_URL names: in six scripts, and at its edges."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models.users import Standing
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.edit_post import edit_post
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import AuthorState, HiddenBy, TeamState, Visibility
from gallery.text import token_text
from search.backends import engine_of
from search.query import parse
from tests.factories import a_gallery, a_member, a_post, a_staff_member

from .world import a_listed_post, captions, find

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana")


class TestSixScripts:
    """For each script: what a caption says, what finds it, and what does not."""

    LATIN = "Première lumière sur le café, Łódź"
    GERMAN = "Straßenbahn an der Außenalster, München"
    ARABIC = "غروب الشمس في القَاهِرَة القديمة"
    CHINESE = "北京故宫的清晨，下雪了"
    JAPANESE = "夕焼けの東京タワー、ガラス越し"
    EMOJI = "Low tide 🌊 with 👩🏽\u200d🌾 and 🇮🇸"

    @pytest.fixture(autouse=True)
    def one_post_in_each_script(self, ana):
        for caption in (self.LATIN, self.GERMAN, self.ARABIC, self.CHINESE, self.JAPANESE, self.EMOJI):
            a_listed_post(ana, caption)

    @pytest.mark.parametrize(
        "text",
        ["lumière", "LUMIERE", "cafe\u0301", "cafe", "lodz", '"sur le café"', "premiere -nuit", "première łódź"],
    )
    def test_latin_with_accents_is_found(self, text):
        assert captions(text) == [self.LATIN]

    @pytest.mark.parametrize(
        "text", ["straßenbahn", "STRASSENBAHN", "munchen", "außenalster", '"der Aussenalster"', "an der -sur"]
    )
    def test_german_is_found(self, text):
        assert captions(text) == [self.GERMAN]

    @pytest.mark.parametrize("text", ["القاهرة", "القاهره", "القَاهِرَة", "غـــروب", '"غروب الشمس"', "الشمس -ليل"])
    def test_arabic_is_found(self, text):
        assert captions(text) == [self.ARABIC]

    @pytest.mark.parametrize(
        "text", ["北京", "故宫", "京故宫", "清", "了", '"北京故宫的清晨"', "北京 下雪", "北京 -上海"]
    )
    def test_chinese_is_found(self, text):
        assert captions(text) == [self.CHINESE]

    @pytest.mark.parametrize("text", ["東京", "タワー", "ﾀﾜｰ", "夕", "し", "焼けの東", '"ガラス越し"', "東京 -大阪"])
    def test_japanese_is_found(self, text):
        assert captions(text) == [self.JAPANESE]

    @pytest.mark.parametrize(
        "text", ["🌊", "👩", "🌾", "👩🏽\u200d🌾", "👩\u200d🌾", "🇮🇸", "tide🌊", '"tide 🌊"', "🌊 -🔥"]
    )
    def test_emoji_is_found(self, text):
        assert captions(text) == [self.EMOJI]

    @pytest.mark.parametrize(
        "text",
        [
            "lum",
            "strasse",
            "قاهر",
            "京北",
            "東タ",
            "宫北",
            "🌅",
            "🇸🇮",
            '"lumière première"',
            '"北京 故宫"',
            '"الشمس غروب"',
            "夕焼け -東京",
        ],
    )
    def test_what_is_not_there_is_not_found(self, text):
        assert captions(text) == []


class TestWordsAndPhrases:
    def test_all_words_must_be_there(self, ana):
        a_listed_post(ana, "golden hour")
        a_listed_post(ana, "golden gate")
        assert captions("hour golden") == ["golden hour"]

    def test_a_word_is_not_found_within_another(self, ana):
        a_listed_post(ana, "goldenrod marigold")
        assert captions("golden") == captions("gold") == []

    def test_a_phrase_asks_for_neighbours_in_order(self, ana):
        for caption in ("golden hour", "hour golden", "golden last hour"):
            a_listed_post(ana, caption)
        assert captions('"golden hour"') == ["golden hour"]

    def test_a_word_or_a_phrase_can_be_left_out(self, ana):
        for caption in ("sea and sky", "sea and sand", "sea"):
            a_listed_post(ana, caption)
        assert captions("sea -sky") == ["sea", "sea and sand"]
        assert captions('sea -"and sand"') == ["sea", "sea and sky"]

    def test_alternative_texts_are_found(self, ana):
        a_listed_post(ana, "Morning", "Two boats", "A gull")
        assert captions("boats gull morning") == ["Morning"]

    @pytest.mark.parametrize("text", ['"morning two"', '"boats a gull"', '"gull sea"'])
    def test_no_phrase_runs_from_one_text_into_the_next(self, ana, text):
        a_listed_post(ana, "Morning #sea", "Two boats", "A gull")
        assert captions(text) == []

    def test_a_single_character_is_found_wherever_it_stands(self, ana):
        for caption in ("山の上", "富士山", "山", "火山灰", "川"):
            a_listed_post(ana, caption)
        assert set(captions("山")) == {"山の上", "富士山", "山", "火山灰"}

    def test_a_single_character_can_be_left_out_and_end_a_phrase(self, ana):
        a_listed_post(ana, "tower 東京")
        a_listed_post(ana, "tower 西")
        assert captions("tower -東") == ["tower 西"]
        assert captions('"tower 東"') == ["tower 東京"]


class TestHashtags:
    @pytest.fixture(autouse=True)
    def posts(self, ana):
        for caption in ("at #golden_hour", "a #sunset", "no hashtag: sunset", "golden"):
            a_listed_post(ana, caption)

    def test_a_word_finds_the_hashtag_too(self):
        assert captions("sunset") == ["no hashtag: sunset", "a #sunset"]

    def test_a_hashtag_finds_the_hashtag_alone(self):
        assert captions("#sunset") == ["a #sunset"]

    def test_part_of_a_hashtag_does_not_find_it(self):
        assert captions("golden") == ["golden"]
        assert captions("#golden") == []

    def test_a_whole_hashtag_is_found_with_and_without_its_sign(self):
        assert captions("#Golden_Hour") == captions("golden_hour") == ["at #golden_hour"]

    def test_a_phrase_runs_through_a_hashtag(self):
        assert captions('"a sunset"') == captions('"a #sunset"') == ["a #sunset"]

    def test_a_hashtag_can_be_left_out(self):
        assert captions("sunset -#sunset") == ["no hashtag: sunset"]


class TestOddInput:
    @pytest.mark.parametrize(
        "text",
        [
            "", " ", "\x00", "-", '"', '""', "*", "()", "AND", "OR NOT NEAR", "NEAR(a b)", "tokens:sea", "a:*", "a | b & !c",
            "'; DROP TABLE gallery_postpage; --", "%s %(x)s %", "\\", "\\' \\\\", "sea\x00sky", "{}", "^sea", "a+b", "<->",
            "\ud800", "\u202e", "-sea", '-"sea sky"', "🇮", "é" * 10_000, "x" * 10_000, "a b " * 2500, '"a b" ' * 2000,
            "京" * 10_000, "-x " * 3000,
        ],
    )  # fmt: skip
    def test_nothing_is_an_error(self, ana, text):
        a_listed_post(ana, "sea")
        assert set(captions(text)) <= {"sea"}

    @pytest.mark.parametrize("text", ["", "-sea", "...", '""'])
    def test_a_query_that_asks_for_nothing_finds_nothing(self, ana, text):
        a_listed_post(ana, "sky")
        assert captions(text) == []

    @pytest.mark.parametrize("cursor", ["x", "\x00", "=" * 50, "W10", "é", "x" * 10_000])
    def test_a_mangled_cursor_shows_the_first_page(self, ana, cursor):
        a_listed_post(ana, "sea")
        assert captions("sea", cursor=cursor) == ["sea"]


class TestPages:
    @pytest.fixture(autouse=True)
    def seven_posts(self, ana):
        start = datetime(2024, 5, 1, tzinfo=UTC)
        # Two at each moment: the short id decides between them.
        for number in range(7):
            a_listed_post(ana, f"sea {number}", published_at=start + timedelta(seconds=number // 2))

    def test_the_newest_come_first(self):
        found = list(find("sea"))
        assert found == sorted(found, key=lambda post: (post.published_at, post.short_id), reverse=True)
        assert len(found) == 7

    @pytest.mark.parametrize("size", [1, 2, 3, 7])
    def test_pages_follow_each_other_without_gap_or_repetition(self, size):
        seen, cursor = [], ""
        while True:
            page = find("sea", cursor=cursor, size=size)
            assert len(page) <= size
            seen += page
            cursor = page.next
            if not cursor:
                break
        assert seen == list(find("sea"))

    def test_the_last_page_names_no_next_one(self):
        assert find("sea", size=7).next == ""
        assert find("sea", size=6).next != ""

    def test_a_newer_post_never_appears_behind_a_cursor(self, ana):
        page = find("sea", size=3)
        a_listed_post(ana, "sea now")
        assert "sea now" not in captions("sea", cursor=page.next)

    def test_posts_keep_what_the_queryset_asked_for(self):
        (post,) = find('"sea 3"')
        assert post.title == "sea 3"


class TestOnlyWhatIsListed:
    """Nothing that the viewer may not be shown in a list is ever found."""

    def test_nothing_is_found_among_no_posts(self, ana):
        a_listed_post(ana, "sea")
        assert list(engine_of().find(parse("sea"), PostPage.objects.none())) == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"photos_ready": False},
            {"author_state": AuthorState.DRAFT},
            {"author_state": AuthorState.SCHEDULED},
            {"author_state": AuthorState.WITHDRAWN},
            {"team_state": TeamState.HELD},
            {"team_state": TeamState.TAKEN_DOWN},
            {"team_state": TeamState.ERASED},
            {"hidden_by": HiddenBy.AUTHOR_SUSPENDED},
            {"hidden_by": HiddenBy.AUTHOR_LEFT},
            {"hidden_by": HiddenBy.GALLERY_WITHDRAWN},
            {"effective_visibility": Visibility.UNLISTED},
            {"effective_visibility": Visibility.FOLLOWERS},
        ],
        ids=str,
    )
    def test_a_post_in_this_state_is_not_found(self, ana, fields):
        a_listed_post(ana, "sea", **fields)
        assert captions("sea") == []

    @pytest.mark.parametrize(
        "fields", [{"standing": Standing.SUSPENDED}, {"standing": Standing.LEFT}, {"is_active": False}], ids=str
    )
    def test_posts_of_such_a_member_are_gone_before_any_flag_is_copied(self, ana, fields):
        a_listed_post(ana, "sea")
        type(ana).objects.filter(pk=ana.pk).update(**fields)
        assert captions("sea") == []

    def test_a_published_post_is_found_until_its_author_withdraws_it(self, ana):
        post = a_post(ana, caption="sea")
        assert captions("sea") == ["sea"]
        withdraw_post(post, by=ana)
        assert captions("sea") == []

    def test_a_post_is_found_until_it_is_taken_down(self, ana):
        post = a_post(ana, caption="sea")
        take_down_post(post, by=a_staff_member("Moderators"), reason="not theirs")
        assert captions("sea") == []

    def test_posts_of_a_gallery_taken_down_are_not_found(self, ana):
        gallery = a_gallery(ana)
        a_listed_post(ana, "sea", gallery=gallery)
        take_down_gallery(gallery, by=a_staff_member("Moderators"), reason="not theirs")
        assert captions("sea") == []

    def test_posts_of_a_deleted_gallery_are_not_found(self, ana):
        gallery = a_gallery(ana)
        a_listed_post(ana, "sea", gallery=gallery)
        delete_gallery(gallery, by=ana)
        assert captions("sea") == []

    def test_an_edited_caption_is_found_by_its_new_words_alone(self, ana):
        post = a_post(ana, caption="sea")
        edit_post(post, by=ana, caption="sky")
        assert (captions("sea"), captions("sky")) == ([], ["sky"])

    def test_a_deleted_row_is_not_found(self, ana):
        post = a_listed_post(ana, "sea")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM gallery_postpage WHERE page_ptr_id = %s", [post.pk])
        a_listed_post(ana, "sky")
        assert captions("sea") == []


# Few words, so that they meet often: with and without spaces, with marks, hashtags, emoji, a word within another.
WORDS = [
    "sea",
    "Sea",
    "seas",
    "sky",
    "été",
    "#sea",
    "#sea_sky",
    "東京",
    "京都",
    "東京都",
    "京",
    "山",
    "🌊",
    "f/2",
    "東sea",
]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
terms = st.builds(
    lambda minus, quoted, text: minus + (f'"{text}"' if quoted else text.split()[0]),
    st.sampled_from(["", "", "-"]),
    st.booleans(),
    texts,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=st.lists(st.tuples(texts, texts), min_size=1, max_size=6),
    text=st.lists(terms, min_size=1, max_size=4).map(" ".join),
)
def test_the_engine_finds_what_a_slow_matcher_finds(shelf, posts, text):
    """Over the same tokens, word by word in Python: the reference that both engines are held to."""
    token_texts = [token_text(caption, [alt_text]) for caption, alt_text in posts]
    for post, tokens in zip(shelf, token_texts + [""] * (len(shelf) - len(posts)), strict=True):
        PostPage.objects.filter(pk=post.pk).update(tokens=tokens)
    query = parse(text)
    expected = {post.pk for post, tokens in zip(shelf, token_texts, strict=False) if matches(query, tokens.split(" "))}
    assert {post.pk for post in find(text)} == expected


@pytest.fixture
def shelf(ana):
    """Six listed posts, to be filled with tokens."""
    return [a_listed_post(ana, "") for _ in range(6)]


def matches(query, tokens):
    """Whether a post with these tokens is what `query` asks for."""
    return (
        bool(query)
        and all(stands_in(t, tokens) for t in query.include)
        and not any(stands_in(t, tokens) for t in query.exclude)
    )


def stands_in(term, tokens):
    """Whether the term's tokens stand side by side anywhere in `tokens`."""
    *words, last = term.tokens
    for start in range(len(tokens) - len(words)):
        candidate = tokens[start + len(words)]
        if tokens[start : start + len(words)] == words and (
            candidate.startswith(last) if term.prefix else candidate == last
        ):
            return True
    return False
