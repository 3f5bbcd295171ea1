"""The console's takedown of all posts of a member: what the form says, the page of its progress, and its buttons."""

import re

import pytest
from django.core.exceptions import ValidationError

from community import bulk_takedowns
from community.models import BulkTakedown, BulkTakedownPost, Decision
from gallery.models import PostPage
from tests.cases_world import a_case
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db
WORDS = {"rule": "spam", "told": "You advertise.", "words": "", "note": ""}


@pytest.fixture
def mona(client):
    mona = a_staff_member("Moderators", "mona")
    client.force_login(mona)
    return mona


@pytest.fixture
def ana():
    return a_member("ana")


def in_words(page):
    """The text of an answer, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def a_job(member, state="running", **fields):
    decision = Decision.objects.create(member=member, act="take_all", told="You advertise.", rule="spam")
    job = BulkTakedown.objects.create(decision=decision, member=member, state=state, **fields)
    Decision.objects.filter(pk=decision.pk).update(changed={"bulk": [job.key]})
    return job


def test_the_members_page_and_their_case_lead_to_the_form(client, mona, ana):
    case = a_case(a_post(ana))
    assert "/admin/takedowns/of/ana/" in client.get("/admin/members/ana/").content.decode()
    assert f"/admin/takedowns/of/ana/?case={case.key}" in client.get(f"/admin/cases/{case.key}/").content.decode()
    assert "/admin/takedowns/of/mona/" not in client.get("/admin/members/mona/").content.decode()


def test_the_form_says_how_many_posts_and_confirming_it_leads_to_the_progress(client, mona, ana):
    posts = [a_post(ana) for _ in range(3)]
    assert "All 3 posts of ana are taken down" in in_words(client.get("/admin/takedowns/of/ana/"))
    answer = client.post("/admin/takedowns/of/ana/", WORDS)
    job = BulkTakedown.objects.get()
    assert answer["Location"] == f"/admin/takedowns/{job.key}/"
    page = client.get(answer["Location"])
    assert "3 of 3 posts are taken down" in in_words(page)
    assert '<progress class="console-progress" value="3" max="3" aria-label=' in page.content.decode()
    assert "hx-trigger" not in page.content.decode()
    assert set(PostPage.objects.filter(pk__in=[p.pk for p in posts]).values_list("team_state", flat=True)) == {
        "taken_down"
    }


def test_from_a_case_its_rule_is_proposed_and_it_is_closed(client, mona, ana):
    case = a_case(a_post(ana), category="hate")
    address = f"/admin/takedowns/of/ana/?case={case.key}"
    page = client.get(address)
    assert page.context["form"].initial["rule"] == "hate" and case.key in in_words(page)
    client.post(address, WORDS)
    case.refresh_from_db()
    assert not case.is_open and Decision.objects.get(case=case).act == "take_all"
    decided = client.get(f"/admin/cases/{case.key}/").content.decode()
    assert f"/admin/takedowns/{BulkTakedown.objects.get().key}/" in decided


def test_a_case_of_somebody_else_or_of_child_safety_is_no_case_here(client, mona, ana):
    a_post(ana)
    hidden = a_case(a_post(ana), category="child_safety")
    for key in (a_case().key, hidden.key, "nonsense"):
        assert client.get(f"/admin/takedowns/of/ana/?case={key}").status_code == 404
    job = a_job(ana)
    Decision.objects.update(case=hidden)
    assert client.get(f"/admin/takedowns/{job.key}/").status_code == 404


def test_a_proposal_leads_back_to_the_case(client, mona, ana, settings):
    settings.SECOND_PAIR_OF_EYES = ["take_all"]
    case = a_case(a_post(ana))
    answer = client.post(f"/admin/takedowns/of/ana/?case={case.key}", WORDS)
    assert answer["Location"] == f"/admin/cases/{case.key}/" and not BulkTakedown.objects.exists()
    assert "Take down all posts" in in_words(client.get(answer["Location"]))


def test_what_is_refused_is_said_in_the_form(client, mona, ana):
    page = client.post("/admin/takedowns/of/ana/", WORDS)
    assert page.status_code == 200 and "There is no post to take down." in in_words(page)


def test_while_it_runs_the_page_asks_for_its_part_again_and_shows_what_failed(client, mona, ana):
    bad = a_post(ana)
    job = a_job(ana, total=8, done=3, failed=1)
    BulkTakedownPost.objects.create(job=job, post=bad, state="failed", reason="The database is tired.")
    page = client.get(f"/admin/takedowns/{job.key}/")
    body = page.content.decode()
    assert f'hx-get="/admin/takedowns/{job.key}/" hx-trigger="every 2s"' in body
    assert 'value="4" max="8"' in body and "The database is tired." in body and "Look again" in body
    part = client.get(f"/admin/takedowns/{job.key}/", headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith("<section") and "3 of 8 posts are taken down" in in_words(part)


def test_stopping_trying_again_and_undoing_go_by_buttons(client, mona, ana):
    job = a_job(ana)
    address = f"/admin/takedowns/{job.key}/"
    assert client.get(f"{address}stop/").status_code == 405
    assert client.post(f"{address}stop/")["Location"] == address
    job.refresh_from_db()
    assert job.state == "stopped"
    assert "does not run any more" in in_words(client.post(f"{address}stop/", follow=True))
    BulkTakedownPost.objects.create(job=job, post=a_post(ana), state="failed", reason="Tired")
    BulkTakedown.objects.update(by=mona)
    client.post(f"{address}again/")
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 1)
    client.post(f"{address}undo/", {"reason": "A mistake"})
    job.refresh_from_db()
    assert (job.state, job.undone_by, job.undo_reason) == ("undone", mona, "A mistake")
    assert "1 of 1 post is back" in in_words(client.get(address))


def test_nobody_but_moderators_reaches_it_and_nobody_their_own(client, ana):
    job = a_job(ana)
    curator, administrator = a_staff_member("Curators"), a_staff_member("Administrators")
    for member in (curator, ana):
        client.force_login(member)
        for path in ("of/ana/", f"{job.key}/", f"{job.key}/undo/"):
            assert client.get(f"/admin/takedowns/{path}").status_code in (302, 403, 404)
        client.post(f"/admin/takedowns/{job.key}/stop/")
    BulkTakedown.objects.update(member=administrator)
    client.force_login(administrator)
    assert client.get(f"/admin/takedowns/{job.key}/").status_code == 404
    assert client.post(f"/admin/takedowns/{job.key}/stop/").status_code == 404
    job.refresh_from_db()
    assert job.state == "running"
    with pytest.raises(ValidationError):
        bulk_takedowns.begin(Decision(member=None), by=administrator)
