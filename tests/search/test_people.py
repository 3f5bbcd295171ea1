"""Members and hashtags by how they begin: who is found, in which order, by whom, and at what cost."""

import pytest
from django.db import connection

from community.actions.rename_member import rename_member
from community.models import Block, Mute, User
from gallery.models import Hashtag
from gallery.states import Visibility
from search.actions.rebuild_search import rebuild_search
from search.models import NameToken
from search.people import hashtags, members
from tests.factories import a_member

from .world import a_listed_post, tagged

pytestmark = pytest.mark.django_db


def found(typed, viewer, **options):
    return [member.username for member in members(viewer, typed, **options)]


def tags(typed, viewer, **options):
    return [tag.name for tag in hashtags(viewer, typed, **options)]


@pytest.fixture
def visitor():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


class TestMembers:
    @pytest.fixture(autouse=True)
    def people(self):
        self.ana = a_member("ana", name="Ana Ångström")
        self.anabel = a_member("anabel", name="Björk")
        self.li = a_member("li-wei", name="東京 太郎")

    @pytest.mark.parametrize(
        ("typed", "usernames"),
        [
            ("ana", ["ana", "anabel"]),  # who is called just so comes first
            ("@Anab", ["anabel"]),
            ("ångs", ["ana"]),
            ("angstrom ana", ["ana"]),  # in any order
            ("bjo", ["anabel"]),
            ("wei", ["li-wei"]),
            ("li-wei", ["li-wei"]),
            ("東", ["li-wei"]),
            ("nstrom", []),  # not from the middle
            ("ana bjork zoe", []),
            ("", []),
            ("%", []),
            ("_", []),
        ],
    )
    def test_are_found_by_how_words_of_their_names_begin(self, visitor, typed, usernames):
        assert found(typed, visitor) == usernames

    def test_somebody_with_two_words_that_begin_so_is_found_once(self, visitor):
        a_member("zora", name="Zorah Zorro")
        assert found("zor", visitor) == ["zora"]

    def test_a_new_name_is_found_and_the_old_one_is_not(self, visitor):
        rename_member(self.ana, "Zoë")
        assert (found("zoe", visitor), found("angstrom", visitor)) == (["ana"], [])

    def test_saving_somebody_without_their_name_costs_search_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            self.ana.save(update_fields=["last_login"])

    def test_rebuilding_search_mends_what_was_changed_past_it(self, visitor):
        User.objects.filter(pk=self.ana.pk).update(name="Zoë")
        NameToken.objects.filter(user=self.anabel).delete()
        rebuild_search()
        assert (found("zoe", visitor), found("bjork", visitor)) == (["ana"], ["anabel"])

    def test_private_ones_are_found_and_those_who_left_or_are_suspended_or_unverified_are_not(self, visitor):
        for number, fields in enumerate(
            [{"is_private": True}, {"standing": "suspended"}, {"standing": "left"}, {"verified_at": None}]
        ):
            User.objects.filter(pk=a_member("quinn" + "abcd"[number]).pk).update(**fields)
        assert found("quinn", visitor) == ["quinna"]

    @pytest.mark.parametrize("sides", [("ana", "anabel"), ("anabel", "ana")])
    def test_blocked_people_do_not_find_each_other(self, sides):
        blocker, blocked = (getattr(self, name) for name in sides)
        Block.objects.create(blocker=blocker, blocked=blocked)
        assert found("ana", self.ana) == ["ana"]
        assert found("ana", self.li) == ["ana", "anabel"]

    def test_muted_people_are_found_by_who_asks_for_them(self):
        Mute.objects.create(muter=self.ana, muted=self.anabel)
        assert found("anabel", self.ana) == ["anabel"]

    def test_page_after_page_leads_to_everybody_once(self, visitor):
        for letter in "abcdefg":
            a_member(f"same{letter}", name="Same Again")
        seen, cursor = [], ""
        for _page in range(4):
            page = members(visitor, "same", cursor, 2)
            seen += [member.username for member in page]
            cursor = page.next
        assert cursor == ""
        assert seen == [f"same{letter}" for letter in "abcdefg"]

    @pytest.mark.parametrize(
        "cursor", ["x", "bnVsbA", "WzEsMl0", "WyJhIl0", "WyJcdWQ4MDAiLCJhIl0", "WyJcdTAwMDAiLCJhIl0"]
    )
    def test_a_mangled_cursor_shows_the_first_page(self, visitor, cursor):
        assert found("ana", visitor, cursor=cursor) == ["ana", "anabel"]

    def test_one_query_finds_them_without_what_nobody_is_shown(self, visitor, django_assert_num_queries):
        with django_assert_num_queries(1):
            page = members(visitor, "ana angstrom")
        assert {"email", "password"} <= page.items[0].get_deferred_fields()


class TestHashtags:
    @pytest.fixture(autouse=True)
    def posts(self):
        self.ana = a_member("ana")
        tagged(a_listed_post(self.ana, "one"), "fog", "fog_bank", "foghorn")
        tagged(a_listed_post(self.ana, "two"), "fog")
        tagged(a_listed_post(self.ana, "three", effective_visibility=Visibility.UNLISTED), "fogsecret")

    @pytest.mark.parametrize(
        ("typed", "names"),
        [
            ("fog", ["fog", "fog_bank", "foghorn"]),
            ("#FOG", ["fog", "fog_bank", "foghorn"]),
            ("fog ban", ["fog_bank"]),
            ("horn", []),
            ("#", []),
            ("", []),
        ],
    )
    def test_are_found_by_how_they_begin(self, visitor, typed, names):
        assert tags(typed, visitor) == names

    def test_one_that_stands_only_where_nobody_is_led_is_not_named(self, visitor):
        assert tags("fogs", visitor) == tags("fogs", self.ana) == []

    def test_of_blocked_and_muted_people_none_are_suggested(self):
        milo, nora = a_member("milo"), a_member("nora")
        Block.objects.create(blocker=self.ana, blocked=milo)
        Mute.objects.create(muter=nora, muted=self.ana)
        assert tags("fog", milo) == tags("fog", nora) == []

    def test_page_after_page_leads_to_all_once(self, visitor):
        first = hashtags(visitor, "fog", size=2)
        rest = hashtags(visitor, "fog", first.next, 2)
        assert [tag.name for tag in (*first, *rest)] == ["fog", "fog_bank", "foghorn"]
        assert rest.next == ""


@pytest.mark.postgres
class TestPlans:
    """With rows enough that the planner has a choice, both walk their index, in its order."""

    def plan(self, page_of, capture):
        with capture(1) as captured:
            page_of()
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + captured.captured_queries[0]["sql"])
            return "\n".join(line for (line,) in cursor.fetchall())

    def test_members_are_found_along_the_index_of_words(self, visitor, django_assert_num_queries):
        ana = a_member("ana")
        NameToken.objects.bulk_create(
            [NameToken(user=ana, token=f"word{number}", username=f"user{number}") for number in range(5000)]
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_nametoken")
        plan = self.plan(lambda: members(visitor, "ana", size=5), django_assert_num_queries)
        assert "name_token_once" in plan
        assert "Seq Scan on search_nametoken" not in plan

    def test_hashtags_are_found_along_the_index_of_names(self, visitor, django_assert_num_queries):
        Hashtag.objects.bulk_create([Hashtag(name=f"tag{number}") for number in range(5000)])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE gallery_hashtag")
        plan = self.plan(lambda: hashtags(visitor, "tag1", size=5), django_assert_num_queries)
        assert "Index" in plan and "Seq Scan on gallery_hashtag" not in plan
        assert "Seq Scan on gallery_posthashtag" not in plan
