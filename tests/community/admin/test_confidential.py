"""What was decided for child safety: moderators read that it was done by administrators, and nowhere why, of which category
or in which case."""

import pytest
from django.urls import reverse

from community.actions.appeal import answer_appeal, appeal
from community.actions.decide_case import decide_case, undo_decision
from community.actions.edit_profile import edit_profile
from community.actions.take_down_all import take_down_all
from community.admin.history import history_of
from gallery.models import BannedPicture, PostPage
from tests.cases_world import a_case, a_comment_on
from tests.factories import a_member, a_post, a_staff_member, an_avatar

pytestmark = pytest.mark.django_db
WHY = "What no moderator reads"
DONE = ("Suspend", "Take down picture", "Take down profile", "Lift suspension", "Restore picture", "Answer an appeal")


@pytest.fixture
def root():
    return a_staff_member("Administrators", "root-one")


@pytest.fixture
def mona(client):
    mona = a_staff_member("Moderators", "mona")
    client.force_login(mona)
    return mona


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def further(ana):
    """A case about something else of Ana's, which everybody of the team sees."""
    return a_case(a_comment_on(a_post(), author=ana))


@pytest.fixture
def decided(ana, root, further):
    """The cases of Ana's comment, profile and post that were decided for child safety, in this order."""
    post = a_post(ana)
    an_avatar(ana)
    edit_profile(ana, biography="Some words of mine", pronouns="", link="")
    comment = a_comment_on(a_post(), author=ana)
    cases = [a_case(thing, category="child_safety") for thing in (comment, ana, post)]
    for case, act in zip(cases, ("take_down", "take_down", "suspend"), strict=True):
        decide_case(case, by=root, act=act, told=WHY, note=WHY)
    return cases


def pages_about(ana, decided, further):
    comment, _profile, post = decided
    return [
        "/admin/",
        "/admin/members/ana/",
        f"/admin/posts/{post.post.short_id}/",
        f"/admin/posts/{post.post.short_id}/reason/",
        f"/admin/members/ana/{post.post.gallery.gallery_slug}/",
        post.post.address(),
        "/admin/comments/?q=@ana",
        f"/admin/comments/?q={comment.comment.key}",
        f"/admin/posts/{comment.comment.post.short_id}/",
        "/admin/held-pictures/banned/",
        "/admin/receipts/",
        "/admin/cases/",
        "/admin/cases/?state=closed",
        f"/admin/cases/?q={post.key}",
        "/admin/cases/?q=@ana&state=closed",
        f"/admin/cases/{further.key}/",
        "/admin/appeals/",
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailadmin_reports:site_history_results"),
    ]


def test_no_page_of_the_console_says_why_or_names_the_case_or_who_it_was(client, mona, ana, decided, further):
    for url in pages_about(ana, decided, further):
        response = client.get(url)
        page = response.content.decode()
        assert response.status_code == 200 and WHY not in page and "root-one" not in page, url
        assert not [case.key for case in decided if f">{case.key}<" in page or f"/{case.key}/" in page], url


def test_they_read_that_it_was_done_by_administrators(client, mona, ana, decided):
    page = client.get("/admin/members/ana/").content.decode()
    assert "Suspended" in page and "Decided by administrators." in page
    assert {(row.who, row.reason) for row in history_of(ana, mona) if row.what in DONE} == {("administrators", "")}


def test_administrators_read_all_of_it(client, root, ana, decided):
    client.force_login(root)
    for url in ("/admin/members/ana/", f"/admin/posts/{decided[2].post.short_id}/", "/admin/comments/?q=@ana"):
        assert WHY in client.get(url).content.decode(), url
    assert {(row.who, row.reason) for row in history_of(ana, root) if row.what == "Suspend"} == {("root-one", WHY)}


def test_its_member_reads_why(client, ana, decided):
    client.force_login(ana)
    assert WHY in client.get("/settings/decisions/").content.decode()


def test_what_was_decided_otherwise_is_read_by_all_of_them(client, mona, root, ana):
    decide_case(a_case(a_post(ana)), by=root, act="suspend", told="An ordinary reason")
    page = client.get("/admin/members/ana/").content.decode()
    assert "An ordinary reason" in page and "root-one" in page


def test_undoing_it_and_answering_its_appeal_are_no_less_secret(client, mona, ana, root, decided):
    decision = decided[1].decisions.get()
    undo_decision(decision, by=root, reason=WHY)
    made = appeal(decided[2].decisions.get(), by=ana, text="Please look again")
    answer_appeal(made, by=a_staff_member("Administrators", "root-two"), outcome="overturned", answer=WHY)
    page = client.get("/admin/members/ana/").content.decode()
    assert WHY not in page and "root-" not in page
    assert not {row.who for row in history_of(ana, mona) if row.what in DONE} - {"administrators"}


def test_the_ban_of_its_picture_does_not_say_why(decided):
    banned = BannedPicture.objects.get(about=decided[2].post.short_id)
    assert (banned.reason, banned.added_by) == ("Decided by administrators.", None)


def test_a_moderator_who_writes_another_reason_is_not_shown_the_first(client, mona, decided):
    response = client.get(f"/admin/posts/{decided[2].post.short_id}/reason/")
    assert response.context["form"].initial == {"reason": ""}


def test_a_takedown_of_all_posts_that_its_task_carries_out_is_no_less_secret(client, mona, ana, root):
    post = a_post(ana)
    take_down_all(ana, by=root, told=WHY, case=a_case(post, category="child_safety"))
    for url in ("/admin/members/ana/", f"/admin/posts/{post.short_id}/", "/admin/held-pictures/banned/"):
        page = client.get(url).content.decode()
        assert WHY not in page and "root-one" not in page, url
    assert {row.who for row in history_of(PostPage.objects.get(pk=post.pk), mona) if row.what == "Take down"} == {
        "administrators"
    }


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_was_decided_for_child_safety_is_brought_back_by_administrators_alone(client, mona, root, decided, which):
    comment, profile, _post = (case.comment or case.post or case.member for case in decided)
    addresses = [
        reverse("console_comments:restore", args=[comment.key]),
        reverse("console_words:restore_profile", args=[profile.username]),
        reverse("console_members:lift", args=[profile.username]),
    ]
    made = decided[which].decisions.get()
    page = client.post(addresses[which], {"reason": "I think it was nothing"})
    assert (
        page.status_code == 200 and "Administrators decided this, and only they bring it back." in page.content.decode()
    )
    made.refresh_from_db()
    assert made.is_in_force
    client.force_login(root)
    assert client.post(addresses[which], {"reason": "It was nothing"}).status_code == 302
