"""Staff and what is about themselves: in the console they find no more of it than every member reads of theirs. And what they
reported themselves: they see it, and somebody else decides."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from community.actions.appeal import answer_appeal, appeal
from community.actions.claim_case import claim_case
from community.actions.decide_case import confirm_decision, decide_case, undo_decision
from community.actions.keep_evidence import keep_evidence
from community.admin.dashboard import tiles_for
from community.cases import next_case
from community.models import Appeal, Receipt
from gallery.actions.take_down_post import take_down_post
from tests.cases_world import a_case, a_report
from tests.factories import a_member, a_post, a_staff_member, an_avatar

pytestmark = pytest.mark.django_db
TOLD = "Mind the rules, please."
URL = "/admin/cases/"


@pytest.fixture(params=["Moderators", "Administrators"])
def mona(request, client):
    mona = a_staff_member(request.param, "mona")
    client.force_login(mona)
    return mona


@pytest.fixture
def root():
    return a_staff_member("Administrators", "root-one")


@pytest.fixture
def case(mona):
    """A case about Mona's own post."""
    return a_case(a_post(mona, caption="Kestrel at dawn"), category="harassment")


def read(client, url, **query):
    return client.get(url, query).content.decode()


# --- About themselves -------------------------------------------------------------------------------------------------


def test_no_list_no_search_and_no_page_shows_it_to_them(client, case):
    report = case.reports.get()
    for query in ({}, {"q": "Kestrel"}, {"q": "@mona"}, {"q": case.key}, {"q": report.key}, {"q": case.post.address()}):
        assert case.key not in [found.key for found in client.get(URL, query).context["page"]], query
    assert client.get(f"{URL}{case.key}/").status_code == 404
    for act in ("claim", "release"):
        assert client.post(f"{URL}{case.key}/{act}/").status_code == 404
    assert client.get(f"/admin/evidence/{case.key}/").status_code in (302, 404)


def test_it_neither_counts_nor_waits_for_them(case, mona, root):
    def counted(staff):
        return next(tile.value for tile in tiles_for(staff) if tile.label == "Open cases")

    assert (counted(mona), counted(root)) == ("0", "1")
    assert next_case(mona) is None and next_case(root) == case


def test_they_do_nothing_with_it_by_any_action(case, mona, root):
    for act in (
        lambda: claim_case(case, by=mona),
        lambda: decide_case(case, by=mona, act="no_action"),
        lambda: keep_evidence(case, by=mona, reason="Mine"),
        lambda: undo_decision(decide_case(case, by=root, act="take_down", told=TOLD), by=mona),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_who_decided_about_them_and_what_others_noted_stands_on_no_page_of_theirs(client, case, mona, root):
    an_avatar(mona)
    decide_case(case, by=root, act="warn", told=TOLD, note="A note of the team")
    pages = [
        "/admin/members/mona/",
        f"/admin/posts/{case.post.short_id}/",
        f"/admin/members/mona/{case.post.gallery.gallery_slug}/",
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailadmin_reports:site_history_results"),
        reverse("wagtailusers_users:history", args=[mona.pk]),
    ]
    for url in pages:
        page = read(client, url)
        assert "A note of the team" not in page and "root-one" not in page and case.key not in page, url
    assert TOLD in read(client, "/settings/decisions/")
    client.force_login(root)
    assert "root-one" in read(client, "/admin/members/mona/") and case.key in read(client, pages[3])


def test_what_they_did_themselves_stands_in_their_own_history(client, mona):
    a_post(mona)
    assert "Published the post" in read(client, "/admin/members/mona/")


def test_their_own_appeal_is_not_theirs_to_find(client, case, mona, root):
    made = appeal(decide_case(case, by=root, act="warn", told=TOLD), by=mona, text="No")
    assert made.key not in read(client, "/admin/appeals/")
    assert client.get(f"/admin/appeals/{made.key}/").status_code == 404


def test_receipts_of_what_is_theirs_are_for_others(client, mona, root):
    post = a_post(mona)
    take_down_post(post, by=root, reason=TOLD)
    receipt = Receipt.objects.get()
    Receipt.objects.update(state="reachable")
    for url in ("/admin/receipts/", "/admin/", f"/admin/posts/{post.short_id}/"):
        assert receipt.key not in read(client, url), url
    for name in ("", "export.csv", "export.json"):
        assert client.get(f"/admin/receipts/{receipt.key}/{name}").status_code == 404
    client.force_login(root)
    assert receipt.key in read(client, "/admin/receipts/") and receipt.key in read(client, "/admin/")


# --- What they reported -----------------------------------------------------------------------------------------------


@pytest.fixture
def reported(mona):
    return a_report(a_post(a_member("ana")), by=mona).case


def test_they_see_what_they_reported_and_somebody_else_decides(client, reported, mona, root):
    page = read(client, f"{URL}{reported.key}/")
    assert "You are among those who reported this" in page and f"{reported.key}/claim/" not in page
    assert 'name="act"' not in page
    assert reported.key in read(client, URL) and next_case(mona) is None and next_case(root) == reported
    for act in (lambda: claim_case(reported, by=mona), lambda: decide_case(reported, by=mona, act="no_action")):
        with pytest.raises(PermissionDenied):
            act()


def test_nor_do_they_agree_undo_or_answer_the_appeal(reported, mona, root, settings):
    settings.SECOND_PAIR_OF_EYES = ["warn"]
    proposed = decide_case(reported, by=root, act="warn", told=TOLD)
    with pytest.raises(PermissionDenied):
        confirm_decision(proposed, by=mona)
    decision = confirm_decision(proposed, by=a_staff_member("Moderators", "milo"))
    with pytest.raises(PermissionDenied):
        undo_decision(decision, by=mona)
    made = appeal(decision, by=reported.member, text="No")
    with pytest.raises(PermissionDenied):
        answer_appeal(made, by=mona, outcome="upheld", answer="Yes")
    assert not Appeal.objects.filter(answered_at__isnull=False).exists()
