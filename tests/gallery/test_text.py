"""How captions, alternative texts and queries are cut into tokens, cleaned, and shortened to titles."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.text import (
    EMOJI,
    HASHTAG,
    MAX_TOKEN,
    MAX_TOKENS,
    SEPARATOR,
    TITLE_LENGTH,
    UNDERSCORE,
    clean_text,
    pieces,
    title_of,
    token_text,
    tokens,
)

pytestmark = pytest.mark.once

# Everything that Python holds in a string, lone surrogates too, with what is special here coming often.
ANY_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "aZ9 #_-\"'\x00\n\u200d\ufe0f\u0301が京タ😀👍🏽🇩🇪اةـกิไहि\ud800" + HASHTAG + SEPARATOR + UNDERSCORE
        ),
    ),
    max_size=60,
)


class TestLatin:
    @pytest.mark.parametrize(
        ("written", "token"),
        [
            ("SUNSET", "sunset"),
            ("Café", "cafe"),
            ("Cafe\u0301", "cafe"),
            ("ÅNGSTRÖM", "angstrom"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("München", "munchen"),
            ("Łódź", "lodz"),
            ("Tromsø", "tromso"),
            ("Ærø", "aero"),
            ("Đà", "da"),
            ("Ấn", "an"),
            ("ﬁre", "fire"),
            ("ＦＵＬＬ", "full"),
            ("so\u00adft", "soft"),
        ],
    )
    def test_a_word_is_found_however_it_is_written(self, written, token):
        assert tokens(written) == [token]

    def test_turkish_i_with_and_without_dot_meet(self):
        assert tokens("IŞIK") == tokens("ışık") == tokens("İşik") == ["isik"]

    def test_punctuation_parts_words(self):
        assert tokens("boats, gulls; f/2.8 — l’été") == ["boats", "gulls", "f", "2", "8", "l", "ete"]

    def test_a_number_is_a_word(self):
        assert tokens("24 mm x²") == ["24", "mm", "x2"]


class TestOtherScripts:
    def test_greek_loses_its_accents_and_its_final_sigma(self):
        assert tokens("Ήλιος") == tokens("ΗΛΙΟΣ") == ["ηλιοσ"]

    def test_cyrillic_yo_is_found_as_ye_and_stress_marks_are_dropped(self):
        assert tokens("ёлка за\u0301мок") == ["елка", "замок"]

    def test_cyrillic_short_i_stays_a_letter_of_its_own(self):
        assert tokens("мой") == ["мой"]
        assert tokens("мой") != tokens("мои")

    def test_arabic_is_found_without_vowel_signs_and_tatweel(self):
        assert tokens("القَاهِرَة") == tokens("القـــاهرة") == tokens("القاهرة")

    @pytest.mark.parametrize(
        ("one", "other"),
        [("أحمد", "احمد"), ("إلى", "الي"), ("آثار", "اثار"), ("مدينة", "مدينه"), ("کتاب", "كتاب"), ("ﻻ", "لا")],
    )
    def test_arabic_letters_that_people_type_in_two_ways_meet(self, one, other):
        assert tokens(one) == tokens(other)

    def test_digits_of_all_scripts_meet(self):
        assert tokens("٢٠٢٤") == tokens("۲۰۲۴") == tokens("２０２４") == ["2024"]

    def test_hebrew_is_found_without_points(self):
        assert tokens("שָׁלוֹם") == ["שלום"]

    def test_persian_word_with_a_zero_width_non_joiner_is_one_word(self):
        assert tokens("می\u200cخواهم") == tokens("میخواهم")

    def test_devanagari_keeps_its_vowel_signs(self):
        assert tokens("हिन्दी") == ["हिन्दी"]

    def test_devanagari_nukta_is_one_letter_or_two_alike(self):
        assert tokens("\u0958लम") == tokens("\u0915\u093cलम")

    def test_korean_is_cut_at_spaces(self):
        assert tokens("서울의 밤") == ["서울의", "밤"]


class TestScriptsWithoutSpaces:
    def test_chinese_becomes_pairs_and_the_last_character(self):
        assert tokens("北京故宫") == ["北京", "京故", "故宫", "宫"]

    def test_a_single_character_stands_alone(self):
        assert tokens("京") == ["京"]

    def test_japanese_runs_through_all_its_scripts(self):
        assert tokens("夕焼けタワー") == ["夕焼", "焼け", "けタ", "タワ", "ワー", "ー"]

    def test_half_width_katakana_is_found_as_full_width(self):
        assert tokens("ｶﾞﾗｽ") == tokens("ガラス")

    def test_voiced_kana_stay_apart_from_plain_ones(self):
        assert tokens("が") != tokens("か")

    def test_punctuation_parts_runs(self):
        assert tokens("山、川") == ["山", "川"]

    def test_a_latin_word_within_is_a_word(self):
        assert tokens("東京tower2024年") == ["東京", "京", "tower2024", "年"]

    def test_thai_marks_stay_with_their_letter(self):
        assert tokens("กิน") == ["กิน", "น"]

    def test_rare_han_characters_beyond_the_basic_plane_are_han(self):
        assert tokens("𠮷野家") == ["𠮷野", "野家", "家"]

    @given(st.text(st.sampled_from("東京都北山川が タ"), min_size=1))
    def test_every_character_begins_some_token(self, text):
        found = tokens(text)
        assert all(any(token.startswith(character) for token in found) for character in text.replace(" ", ""))


class TestHashtags:
    def test_a_hashtag_is_found_as_its_word_and_as_itself(self):
        assert tokens("at #sunset now") == ["at", "sunset", "now", HASHTAG + "sunset"]

    def test_a_word_is_no_hashtag(self):
        assert HASHTAG + "sunset" not in tokens("sunset")

    def test_an_underscore_joins(self):
        assert tokens("#golden_hour") == ["golden" + UNDERSCORE + "hour", HASHTAG + "golden" + UNDERSCORE + "hour"]

    def test_underscores_at_the_ends_and_repeated_ones_do_not_matter(self):
        assert tokens("__golden__hour_") == tokens("golden_hour")

    def test_case_width_and_accents_do_not_matter(self):
        assert tokens("＃Été") == tokens("#ete")

    def test_a_hashtag_without_spaces_stays_whole(self):
        assert tokens("#東京タワー") == ["東京", "京タ", "タワ", "ワー", "ー", HASHTAG + "東京タワー"]

    def test_two_hashtags_in_a_row_are_two(self):
        assert tokens("#one#two") == ["one", "two", HASHTAG + "one", HASHTAG + "two"]

    def test_a_repeated_hashtag_stands_once(self):
        assert tokens("#a #a") == ["a", "a", HASHTAG + "a"]

    @pytest.mark.parametrize("text", ["C#sharp", "a#b", "# sunset", "#", "##", "#_", "#️⃣", "#😀"])
    def test_what_is_no_hashtag(self, text):
        assert not any(token.startswith(HASHTAG) for token in tokens(text))

    def test_an_emoji_ends_a_hashtag(self):
        assert tokens("#sea🌊") == ["sea", "u1f30a", HASHTAG + "sea"]


class TestEmoji:
    def test_an_emoji_is_its_code_point(self):
        assert tokens("😀") == ["u1f600"]

    def test_it_parts_words(self):
        assert tokens("sea🌊side") == ["sea", "u1f30a", "side"]

    def test_skin_tone_is_left_out(self):
        assert tokens("👍🏽") == tokens("👍") == ["u1f44d"]

    def test_presentation_is_left_out(self):
        assert tokens("❤️") == tokens("❤") == ["u2764"]

    def test_joined_emoji_are_taken_apart(self):
        assert tokens("👩🏽\u200d🌾") == ["u1f469", "u1f33e"]

    def test_a_flag_is_one_token(self):
        assert tokens("🇩🇪🇪🇸") == ["u1f1e9u1f1ea", "u1f1eau1f1f8"]

    def test_a_flag_is_not_found_across_two_others(self):
        assert not set(tokens("🇩🇪")) & set(tokens("🇦🇩🇪🇸"))

    def test_a_keycap_is_its_digit(self):
        assert tokens("1️⃣") == ["1"]

    @pytest.mark.parametrize("sign", ["©", "®", "°", "+", "€", "™"])
    def test_signs_of_everyday_text_are_no_emoji(self, sign):
        assert not any(piece.kind == EMOJI for piece in pieces(sign))


class TestTokensInGeneral:
    @given(ANY_TEXT)
    def test_tokens_are_letters_and_digits_and_marks_only(self, text):
        for token in tokens(text):
            assert token
            assert all(unicodedata.category(character)[0] in "LNM" for character in token)
            assert unicodedata.category(token[0])[0] in "LN"

    @given(ANY_TEXT)
    def test_no_text_can_produce_the_marks_of_our_own(self, text):
        for token in tokens(text):
            assert SEPARATOR not in token
            assert HASHTAG not in token[1:]
            assert HASHTAG not in token or "#" in unicodedata.normalize("NFKC", text)
            assert UNDERSCORE not in token or "_" in unicodedata.normalize("NFKC", text)

    @given(ANY_TEXT, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
    def test_the_form_of_normalisation_does_not_matter(self, text, form):
        assert tokens(unicodedata.normalize(form, text)) == tokens(text)

    @given(ANY_TEXT)
    def test_tokens_fit_their_bounds(self, text):
        for token in tokens(text * 300):
            assert len(token) <= MAX_TOKEN + 1
            assert len(token.encode()) < 2046

    def test_there_are_at_most_so_many(self):
        assert len(tokens("\ufdfa" * 4000)) == MAX_TOKENS

    def test_a_long_word_is_found_by_itself(self):
        assert tokens("x" * 3000) == ["x" * MAX_TOKEN]

    def test_thousands_of_marks_on_one_letter_cost_nothing_to_speak_of(self):
        assert len("".join(tokens("क" + "\u093c\u094d" * 5000))) <= MAX_TOKEN

    @pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "...", "\u200b", "-"])
    def test_nothing_to_find_gives_no_tokens(self, text):
        assert tokens(text) == []

    def test_nul_parts_words(self):
        assert tokens("a\x00b") == ["a", "b"]


class TestTokenText:
    def test_it_holds_caption_and_alternative_texts(self):
        line = token_text("Boats", ["Two boats", "A gull"])
        assert line.split() == ["boats", SEPARATOR, "two", "boats", SEPARATOR, "a", "gull"]

    def test_an_empty_text_leaves_no_trace(self):
        assert token_text("", ["", "gull", "..."]) == "gull"

    def test_a_hashtag_stands_after_the_text_it_is_in_so_that_phrases_run_through_its_word(self):
        assert token_text("lovely #sunset tonight", ["x"]) == f"lovely sunset tonight {HASHTAG}sunset {SEPARATOR} x"

    @given(ANY_TEXT, st.lists(ANY_TEXT, max_size=3))
    def test_no_pair_of_neighbours_comes_from_two_texts(self, caption, alt_texts):
        line = token_text(caption, alt_texts).split(" ")
        own = {pair for text in (caption, *alt_texts) for pair in pairwise(tokens(text))}
        assert {pair for pair in pairwise(line) if SEPARATOR not in pair} <= own

    def test_it_is_bounded_whatever_the_number_of_texts(self):
        assert len(token_text("a b " * 1000, ["c d " * 1000] * 20).split()) <= MAX_TOKENS


class TestTitle:
    def test_a_short_caption_is_its_own_title(self):
        assert title_of("First light", "Ana") == "First light"

    def test_a_long_caption_is_cut_at_a_word(self):
        title = title_of("word " * 40, "Ana")
        assert title == " ".join(["word"] * 16)
        assert len(title) <= TITLE_LENGTH

    def test_a_word_that_ends_right_at_the_limit_stays(self):
        assert title_of("a" * 80 + " more", "Ana") == "a" * 80

    def test_a_caption_without_spaces_is_cut_anywhere(self):
        assert title_of("京" * 100, "Ana") == "京" * 80

    def test_an_emoji_sequence_is_not_cut_apart(self):
        assert title_of("京" * 79 + "👩\u200d🌾", "Ana") == "京" * 79

    def test_lines_become_one(self):
        assert title_of("one\r\n\n two\u2028three\tfour", "Ana") == "one two three four"

    @pytest.mark.parametrize("caption", ["", "  \n ", "\u200b\u200d", "\x00", "\u202e", "\u0301"])
    def test_a_caption_with_nothing_to_see_gives_the_author(self, caption):
        assert title_of(caption, "Ana") == "Photo by Ana"

    def test_an_emoji_is_something_to_see(self):
        assert title_of("🌊", "Ana") == "🌊"

    @given(ANY_TEXT, st.text(max_size=200))
    def test_a_title_is_never_empty_long_or_broken(self, caption, name):
        title = title_of(caption, name)
        assert 0 < len(title) <= TITLE_LENGTH
        assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in title)
        assert title == title.strip()


class TestCleanText:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  boats \n", "boats"),
            ("cafe\u0301", "café"),
            ("a\x00b\x07c\x7f", "abc"),
            ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
            ("a\n\nb", "a\n\nb"),
            ("a\tb", "a b"),
            ("\u202egnp.exe", "gnp.exe"),
            ("\u202aa\u202c", "a"),
            ("a\ud800b", "ab"),
            ("👩\u200d🌾", "👩\u200d🌾"),
            ("می\u200cخواهم", "می\u200cخواهم"),
        ],
    )
    def test_what_is_kept(self, typed, kept):
        assert clean_text(typed) == kept

    @given(ANY_TEXT)
    def test_cleaning_twice_changes_nothing_more(self, text):
        once = clean_text(text)
        assert clean_text(once) == once

    @given(ANY_TEXT)
    def test_a_clean_text_can_be_stored_anywhere(self, text):
        cleaned = clean_text(text)
        cleaned.encode()
        assert "\x00" not in cleaned
