"""What a person typed into the search field, read as terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.text import HASHTAG, SEPARATOR, tokens
from search.query import MAX_PHRASE, MAX_TERMS, Query, Term, parse


def word(token):
    return Term((token,))


def phrase(*words):
    return Term(words)


class TestWords:
    def test_every_word_is_a_term(self):
        assert parse("Golden HOUR") == Query((word("golden"), word("hour")))

    def test_a_repeated_word_counts_once(self):
        assert parse("boat boat Boat") == Query((word("boat"),))

    def test_what_is_typed_together_stays_together(self):
        assert parse("f/2.8") == Query((phrase("f", "2", "8"),))

    def test_an_apostrophe_keeps_its_word_together(self):
        assert parse("l’été") == Query((phrase("l", "ete"),))

    def test_ideographic_space_parts_words(self):
        assert parse("山\u3000sea").include == (Term(("山",), prefix=True), word("sea"))

    def test_a_hyphen_within_a_word_leaves_nothing_out(self):
        assert parse("mother-in-law") == Query((phrase("mother", "in", "law"),))


class TestPhrases:
    @pytest.mark.parametrize(
        "text",
        [
            '"golden hour"',
            "“golden hour”",
            "„golden hour“",
            "«golden hour»",
            "‹golden hour›",
            "「golden hour」",
            "＂golden hour＂",
        ],
    )
    def test_quotation_marks_of_many_languages_make_a_phrase(self, text):
        assert parse(text) == Query((phrase("golden", "hour"),))

    def test_words_beside_a_phrase_are_words(self):
        assert parse('old "golden hour" sea') == Query((word("old"), phrase("golden", "hour"), word("sea")))

    def test_a_phrase_of_one_word_is_a_word(self):
        assert parse('"golden"') == parse("golden")

    @pytest.mark.parametrize("text", ['"golden hour', 'golden" hour', 'golden hour"', "“golden hour"])
    def test_a_quotation_mark_without_its_partner_is_none(self, text):
        assert parse(text) == Query((word("golden"), word("hour")))

    def test_an_empty_phrase_is_nothing(self):
        assert parse('"" golden " "') == Query((word("golden"),))

    def test_a_long_phrase_is_cut(self):
        (term,) = parse('"' + "a b " * 60 + '"').include
        assert len(term.tokens) == MAX_PHRASE


class TestExclusions:
    @pytest.mark.parametrize("minus", ["-", "−", "－", "‐", "--"])
    def test_a_minus_before_a_word_leaves_it_out(self, minus):
        assert parse(f"boat {minus}harbour") == Query((word("boat"),), (word("harbour"),))

    def test_a_phrase_can_be_left_out(self):
        assert parse('boat -"old harbour"') == Query((word("boat"),), (phrase("old", "harbour"),))

    def test_a_hashtag_can_be_left_out(self):
        assert parse("boat -#sea").exclude == (word(HASHTAG + "sea"),)

    def test_a_minus_by_itself_means_nothing(self):
        assert parse("boat - harbour") == Query((word("boat"), word("harbour")))

    def test_only_what_is_left_out_asks_for_nothing(self):
        query = parse('-boat -"old harbour"')
        assert not query
        assert query.exclude == (word("boat"), phrase("old", "harbour"))

    def test_a_minus_within_quotation_marks_is_punctuation(self):
        assert parse('"boat -harbour"') == Query((phrase("boat", "harbour"),))


class TestScripts:
    def test_chinese_is_a_phrase_of_pairs_that_a_longer_text_holds(self):
        (term,) = parse("北京故宫").include
        assert term == phrase("北京", "京故", "故宫")
        assert set(term.tokens) <= set(tokens("在北京故宫里"))

    def test_a_single_character_is_searched_as_a_prefix(self):
        assert parse("京") == Query((Term(("京",), prefix=True),))

    def test_a_single_letter_of_a_script_with_spaces_is_a_word(self):
        assert parse("a") == Query((word("a"),))

    def test_the_last_character_of_a_phrase_is_a_prefix(self):
        assert parse('"tower 東"') == Query((Term(("tower", "東"), prefix=True),))

    def test_a_run_within_a_phrase_is_cut_as_in_a_text(self):
        (term,) = parse('"東京 tower"').include
        assert list(term.tokens) == tokens("東京 tower")

    def test_emoji_side_by_side_are_terms_of_their_own(self):
        assert parse("🌅🌊") == Query((word("u1f305"), word("u1f30a")))

    def test_an_emoji_at_a_word_is_a_term_of_its_own(self):
        assert parse("sea🌊") == Query((word("sea"), word("u1f30a")))

    def test_an_emoji_sequence_left_out_is_left_out_as_a_whole(self):
        assert parse("sea -👩\u200d🌾").exclude == (phrase("u1f469", "u1f33e"),)


class TestHashtags:
    def test_a_hashtag_asks_for_the_hashtag_alone(self):
        assert parse("#Sunset") == Query((word(HASHTAG + "sunset"),))

    def test_a_quoted_hashtag_is_a_hashtag(self):
        assert parse('"#sunset"') == parse("#sunset")

    def test_a_hashtag_in_a_phrase_is_its_word_there_and_asked_for_itself(self):
        assert parse('"lovely #sunset"') == Query((phrase("lovely", "sunset"), word(HASHTAG + "sunset")))

    def test_hashtags_typed_together_are_two(self):
        assert parse("#one#two") == Query((word(HASHTAG + "one"), word(HASHTAG + "two")))

    def test_a_hashtag_of_several_scripts_is_one_term(self):
        assert parse("#東京tower") == Query((word(HASHTAG + "東京tower"),))


class TestOddInput:
    @pytest.mark.parametrize(
        "text",
        ["", " ", "\x00", "-", "--", '"', '""', '"""', "'", "*", "()", "#", "@", ":", '-""', "\u200b", "\ud800", "。"],
    )
    def test_nothing_to_find_asks_for_nothing(self, text):
        assert parse(text) == Query()

    @pytest.mark.parametrize("text", ["AND", "OR", "NOT", "NEAR"])
    def test_an_operator_of_an_engine_is_a_word(self, text):
        assert parse(text) == Query((word(text.lower()),))

    def test_sql_is_words(self):
        assert parse("'; DROP TABLE x; --") == Query((word("drop"), word("table"), word("x")))

    def test_nul_parts_words(self):
        assert parse("a\x00b") == Query((phrase("a", "b"),))

    @pytest.mark.parametrize(
        "unit", ["word ", "w", "京", '"', '"a', "-", "-a ", "#a", "😀", "a b c d\x00", "\ufdfa", "\u0301", "”", '"-']
    )
    def test_ten_thousand_characters_give_a_bounded_query(self, unit):
        assert_bounded(parse((unit * 10_000)[:10_000]))

    def test_many_exclusions_leave_room_for_what_is_looked_for(self):
        query = parse(" ".join(f"-x{n}" for n in range(50)) + " boat")
        assert query.include == (word("boat"),)
        assert len(query.exclude) == MAX_TERMS - 1

    def test_many_words_leave_room_for_what_is_left_out(self):
        query = parse("-boat " + " ".join(f"x{n}" for n in range(50)))
        assert query.exclude == (word("boat"),)
        assert len(query.include) == MAX_TERMS - 1

    @given(st.text(st.one_of(st.characters(), st.sampled_from("ab \"“”-−#_京が😀🇩\u200d\x00'*:()&|!")), max_size=80))
    def test_any_text_gives_a_bounded_query_of_clean_tokens(self, text):
        query = parse(text)
        assert_bounded(query)
        for term in (*query.include, *query.exclude):
            assert term.tokens
            assert SEPARATOR not in term.tokens
            assert all(token.isprintable() and not set(token) & set(" '\"\\*:&|!()<>-") for token in term.tokens)


def assert_bounded(query):
    assert len(query.include) + len(query.exclude) <= MAX_TERMS
    assert all(len(term.tokens) <= MAX_PHRASE for term in (*query.include, *query.exclude))
