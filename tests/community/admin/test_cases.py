"""The queue: which cases moderators see, in which order, how one is found, who has it in hand, and what its page shows."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from community.actions.claim_case import claim_case, release_case
from community.cases import next_case
from community.models import Case, User
from gallery.actions.edit_post import edit_post
from gallery.actions.withdraw_post import withdraw_post
from tests.cases_world import a_case, a_comment_on, a_report
from tests.factories import a_member, a_post, a_staff_member
from tests.racing import at_once

URL = "/admin/cases/"


@pytest.fixture
def moderator(client, db):
    moderator = a_staff_member("Moderators", "mona")
    client.force_login(moderator)
    return moderator


def listed(client, **query):
    return [case.key for case in client.get(URL, query).context["page"]]


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


# --- The list ---------------------------------------------------------------------------------------------------------


def test_open_cases_stand_by_urgency_and_then_by_age(client, moderator):
    now = timezone.now()
    spam, old_spam = a_case(opened_at=now), a_case(opened_at=now - timedelta(hours=5))
    threat = a_case(category="violence", opened_at=now)
    assert listed(client) == [threat.key, old_spam.key, spam.key]


def test_closed_cases_are_listed_apart_the_last_closed_first(client, moderator):
    now = timezone.now()
    first, last = a_case(closed_at=now - timedelta(days=1)), a_case(closed_at=now)
    still_open = a_case()
    assert listed(client, state="closed") == [last.key, first.key]
    assert listed(client) == listed(client, state="nonsense") == [still_open.key]


def test_the_queue_narrows_by_queue_category_and_hands(client, moderator):
    theirs, milo = a_case(category="copyright"), a_case()
    claim_case(milo, by=a_staff_member("Moderators", "milo"))
    mine = claim_case(a_case(category="hate"), by=moderator)
    assert listed(client, queue="copyright") == [theirs.key]
    assert listed(client, category="hate") == listed(client, hands="me") == [mine.key]
    assert listed(client, hands="nobody") == [theirs.key]
    assert "milo" in client.get(URL).content.decode()


def test_child_safety_goes_before_everything_and_only_administrators_learn_of_it(client, moderator):
    a_case(category="self_harm")
    case = a_case(a_post(caption="Hidden away"), category="child_safety")
    assert case.key not in listed(client)
    for query in ({}, {"q": case.key}, {"queue": "child_safety"}, {"q": f"@{case.member.username}"}):
        page = client.get(URL, query).content.decode()
        assert "Hidden away" not in page and "child is harmed" not in page and "Child safety" not in page, query
    for path in ("", "claim/", "release/"):
        for answer in (client.get(f"{URL}{case.key}/{path}"), client.post(f"{URL}{case.key}/{path}")):
            assert answer.status_code in (404, 405), path
    client.force_login(a_staff_member("Administrators", "root-one"))
    assert listed(client)[0] == case.key
    assert client.get(f"{URL}{case.key}/").status_code == 200


@pytest.mark.parametrize("group", ["Curators", None])
def test_nobody_else_sees_the_queue(client, db, group):
    case = a_case()
    client.force_login(a_staff_member(group) if group else a_member())
    for path in ("", "next/", f"{case.key}/"):
        assert client.get(f"{URL}{path}").status_code in (302, 403, 404)
    assert again(case).claimed_by is None and client.post(f"{URL}{case.key}/claim/").status_code in (302, 403, 404)
    assert again(case).claimed_by is None


@pytest.mark.parametrize("query", ["@ana", "#Dawn", "light", "{key}", "{report}", "{post}", "{address}", "FIRST light"])
def test_a_case_is_found_by_member_hashtag_words_and_reference(client, moderator, query):
    a_case(a_post(caption="Elsewhere"))
    report = a_report(a_post(a_member("ana"), caption="First light on the ridge #dawn"))
    case = report.case
    named = query.format(key=case.key, report=report.key, post=case.about, address=f"http://testserver/p/{case.about}/")
    assert listed(client, q=named) == [case.key]


def test_a_case_is_found_by_words_that_its_author_has_changed_since(client, moderator):
    case = a_case(a_post(caption="Something horrid"))
    edit_post(case.post, by=case.member, caption="Something sweet")
    assert listed(client, q="horrid") == listed(client, q="sweet") == [case.key]


def test_a_case_of_a_comment_is_found_by_its_words_and_its_key(client, moderator):
    a_case()
    case = a_case(a_comment_on(a_post(), text="You utter fool"))
    assert listed(client, q="utter") == listed(client, q=case.about) == [case.key]


@pytest.mark.parametrize("query", ["@nobody", "#", "#nothing", "abcdefghij", "/p/abcdefghij/", "x" * 2000, "\x00"])
def test_what_names_nothing_breaks_nothing(client, moderator, query):
    case = a_case(a_post(caption="Dawn"))
    assert listed(client, q=query) in ([], [case.key] if query == "\x00" else [])


@pytest.mark.parametrize("closed", [False, True])
def test_the_list_goes_on_by_keyset(client, moderator, monkeypatch, closed):
    for number in range(5):
        a_case(closed_at=timezone.now() - timedelta(minutes=number) if closed else None)
    state = {"state": "closed"} if closed else {}
    whole = listed(client, **state)
    monkeypatch.setattr("community.admin.cases.PAGE", 2)
    pages, query = [], dict(state)
    while True:
        page = client.get(URL, query).context["page"]
        pages.append([case.key for case in page])
        if not page.next:
            break
        query["after"] = page.next
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [key for page in pages for key in page] == whole


def test_the_list_and_a_case_cost_the_same_however_many_there_are(
    client, moderator, django_assert_max_num_queries, django_assert_num_queries
):
    case = a_case(a_post(caption="dawn"))
    for _number in range(6):
        a_report(case.post)
        a_case(claimed_by=moderator, claimed_at=timezone.now())
    client.get(URL)
    for query in ({}, {"q": "dawn"}, {"q": case.key}, {"hands": "me"}):
        with django_assert_max_num_queries(12):
            client.get(URL, query)


# --- Claiming ---------------------------------------------------------------------------------------------------------


def test_who_claims_a_case_has_it_and_the_next_is_told_who(moderator):
    case = claim_case(a_case(), by=moderator)
    assert case.claimed_by == moderator
    with pytest.raises(ValidationError, match="mona has this case in hand"):
        claim_case(case, by=a_staff_member("Moderators", "milo"))
    claim_case(case, by=moderator)
    acts = ModelLogEntry.objects.filter(object_id=str(case.pk)).values_list("action", "user__username")
    assert list(acts) == [("pixlpix.claim_case", "mona")] * 2


def test_a_case_that_is_given_back_is_anybodys(client, moderator):
    case = a_case()
    client.post(f"{URL}{case.key}/claim/")
    assert again(case).claimed_by == moderator
    milo = a_staff_member("Moderators", "milo")
    release_case(case, by=milo)  # not his to give back
    assert again(case).claimed_by == moderator
    client.post(f"{URL}{case.key}/release/")
    assert claim_case(case, by=milo).claimed_by == milo


def test_a_claim_lapses_by_itself(moderator, settings):
    case = claim_case(a_case(), by=moderator)
    settings.CASE_CLAIM_MINUTES = 30
    Case.objects.update(claimed_at=timezone.now() - timedelta(minutes=31))
    milo = a_staff_member("Moderators", "milo")
    assert claim_case(case, by=milo).claimed_by == milo


def test_nobody_claims_what_is_about_themselves_or_is_closed(client, moderator):
    with pytest.raises(PermissionDenied):
        claim_case(a_case(a_post(moderator)), by=moderator)
    case = a_case(closed_at=timezone.now())
    answer = client.post(f"{URL}{case.key}/claim/", follow=True)
    assert "This case is closed." in answer.content.decode() and again(case).claimed_by is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_who_claim_at_the_same_moment_one_has_it():
    mona, milo = (a_staff_member("Moderators", name) for name in ("mona", "milo"))
    for _round in range(5):
        case = a_case()
        errors = at_once(*(partial(claim_case, case, by=moderator) for moderator in (mona, milo)))
        holder = User.objects.get(pk=again(case).claimed_by_id)
        assert sorted(type(error) for error in errors if error) == [ValidationError]
        assert f"{holder.username} has this case in hand." in next(error for error in errors if error).messages


def test_the_next_case_is_ones_own_and_then_the_most_urgent_that_nobody_has(client, moderator):
    mine, urgent, less = a_case(), a_case(category="violence"), a_case(category="hate")
    own = a_case(a_post(moderator), category="self_harm")
    claim_case(mine, by=moderator)
    assert client.get(f"{URL}next/").url == f"{URL}{mine.key}/"
    claim_case(urgent, by=a_staff_member("Moderators", "milo"))
    assert next_case(moderator, but=mine) == less != own
    Case.objects.update(closed_at=timezone.now())
    assert "No case waits for you." in client.get(f"{URL}next/", follow=True).content.decode()


# --- A case's page ----------------------------------------------------------------------------------------------------


def test_a_case_shows_the_picture_from_the_vault_and_blurred(client, moderator):
    case = a_case(a_post(alt_text="A ridge"))
    page = client.get(f"{URL}{case.key}/").content.decode()
    assert "/private/derived/" in page and "/media/" not in page
    assert 'class="console-pictures console-veil"' in page
    assert 'class="console-pictures console-veil clear"' in client.get(f"{URL}{case.key}/?clear=1").content.decode()


def test_a_case_shows_what_was_reported_beside_what_stands_there_now(client, moderator):
    case = a_case(a_post(caption="Then", alt_text="A ridge"), reports=2)
    edit_post(case.post, by=case.member, caption="Since")
    response = client.get(f"{URL}{case.key}/")
    facts = {fact.label: (fact.then, fact.now, fact.differs) for fact in response.context["facts"]}
    assert facts["Caption"] == ("Then", "Since", True) and not facts["Photo 1"][2]
    page = response.content.decode()
    assert page.count("Look at this.") == 2 and "Then" in page and "Since" in page


def test_a_case_shows_who_else_has_the_picture(client, moderator):
    post = a_post()
    original = post.photos.get().picture.original
    other = a_post(original=original)
    page = client.get(f"{URL}{a_case(post).key}/").content.decode()
    assert f"/admin/posts/{other.short_id}/" in page


def test_a_case_of_a_comment_or_a_member_has_its_page_too(client, moderator):
    comment = a_case(a_comment_on(a_post(), text="You fool"))
    member = a_case(a_member("ana", name="Ana the Great"))
    assert "You fool" in client.get(f"{URL}{comment.key}/").content.decode()
    assert "Ana the Great" in client.get(f"{URL}{member.key}/").content.decode()


def test_a_case_stays_readable_when_what_it_was_about_is_gone(client, moderator):
    case = a_case(a_post(caption="Then"), post=None, member=None)
    page = client.get(f"{URL}{case.key}/").content.decode()
    assert "Then" in page and "Gone" in page
    assert ModelLogEntry.objects.filter(action="pixlpix.look", object_id=str(case.pk), user=moderator).exists()


def test_reading_a_case_of_what_visitors_cannot_see_is_written_down(client, moderator):
    case = a_case()
    looks = PageLogEntry.objects.filter(action="pixlpix.look", user=moderator)
    client.get(f"{URL}{case.key}/")
    assert not looks.exists()
    withdraw_post(case.post, by=case.member)
    client.get(f"{URL}{case.key}/")
    assert looks.get().page_id == case.post_id


def test_a_cases_page_costs_the_same_however_much_there_is(client, moderator, django_assert_max_num_queries):
    case = a_case(a_post(photos=3), reports=5)
    client.get(f"{URL}{case.key}/")
    with django_assert_max_num_queries(20):
        client.get(f"{URL}{case.key}/")
