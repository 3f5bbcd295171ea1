"""Reporting on the site, as a member and as a visitor, and that whom it is about never learns who did."""

import json
import zipfile
from io import BytesIO

import pytest
from django.urls import reverse

from community.actions.add_comment import add_comment
from community.actions.answer_reports import answer_reports
from community.actions.block import block
from community.export import export_of
from community.models import Block, Case, Report
from community.quiet_checks import shown_now
from gallery.actions.withdraw_post import withdraw_post
from tests.cases_world import a_comment_on, a_report
from tests.factories import a_member, a_post, first_gallery
from tests.people_world import a_post_for_followers, a_private_member, signed_in

pytestmark = pytest.mark.django_db
VERA = "vera@example.org"


def by_visitor(**more):
    """What a visitor sends who read the form."""
    return {"category": "spam", "text": "Look", "email": VERA, "shown": shown_now(ago=60), "website": "", **more}


def addresses(thing_of=None):
    """(a post, the addresses at which it, a comment below it, and its author are reported)."""
    post = a_post(a_member("ana"))
    comment = a_comment_on(post, a_member("cora"))
    return post, {
        "post": reverse("report_post", args=[post.short_id]),
        "comment": reverse("report_comment", args=[comment.key]),
        "profile": reverse("report_member", args=["ana"]),
    }


# --- Members ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["post", "comment", "profile"])
def test_a_member_reports_and_is_shown_the_reference(kind):
    _post, urls = addresses()
    milo = signed_in(a_member("milo"))
    assert milo.get(urls[kind]).status_code == 200
    page = milo.post(urls[kind], {"category": "harassment", "text": "Mean"}, follow=True)
    report = Report.objects.get()
    assert (report.case.kind, report.reporter.username, report.text) == (kind, "milo", "Mean")
    assert report.key in page.content.decode() and "Not decided yet" in page.content.decode()
    assert not Block.objects.exists()


def test_a_member_blocks_in_the_same_step():
    _post, urls = addresses()
    milo = a_member("milo")
    page = signed_in(milo).post(urls["comment"], {"category": "harassment", "block": "on"}, follow=True)
    assert page.status_code == 200
    assert Block.objects.get().blocker == milo and Block.objects.get().blocked.username == "cora"


def test_a_second_report_is_answered_kindly_with_the_first():
    _post, urls = addresses()
    milo = signed_in(a_member())
    for _turn in range(2):
        page = milo.post(urls["post"], {"category": "spam"}, follow=True)
    assert "You have reported this before" in page.content.decode()
    assert Report.objects.count() == 1


def test_without_a_category_or_words_where_they_are_needed_the_form_says_so():
    _post, urls = addresses()
    milo = signed_in(a_member())
    for sent in (
        {"text": "Hm"},
        {"category": "other"},
        {"category": "copyright"},
        {"category": "spam", "text": "a" * 2001},
    ):
        page = milo.post(urls["post"], sent)
        assert page.status_code == 422 and b'class="errors"' in page.content
    assert not Report.objects.exists()


def test_what_one_does_not_see_is_not_there_to_be_reported(client):
    shy, milo = a_private_member("shy"), a_member()
    post = a_post_for_followers(shy)
    comment = add_comment(post, "Hello", by=shy)
    gone = a_post()
    withdraw_post(gone, by=gone.author)
    for who in (client, signed_in(milo)):
        for url in (
            reverse("report_post", args=[post.short_id]),
            reverse("report_comment", args=[comment.key]),
            reverse("report_post", args=[gone.short_id]),
            reverse("report_member", args=["nobody"]),
            "/report/post/%00/",
        ):
            assert who.get(url).status_code == 404, url
            assert who.post(url, by_visitor()).status_code == 404, url
    block(shy, milo)
    assert signed_in(milo).get(reverse("report_member", args=["shy"])).status_code == 404


def test_ones_own_is_not_reported():
    post = a_post(a_member("ana"))
    ana = signed_in(post.author)
    for url in (reverse("report_post", args=[post.short_id]), reverse("report_member", args=["ana"])):
        assert ana.get(url).status_code == 403


def test_members_cannot_report_without_end(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "report": "1/m/user"}
    milo, urls = signed_in(a_member()), [reverse("report_post", args=[a_post().short_id]) for _ in range(2)]
    assert [milo.post(url, {"category": "spam"}).status_code for url in urls] == [302, 429]
    assert Report.objects.count() == 1


# --- Visitors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["post", "comment", "profile"])
def test_a_visitor_reports_with_an_address_and_is_shown_the_reference(client, kind):
    _post, urls = addresses()
    form = client.get(urls[kind]).content.decode()
    assert 'name="email"' in form and 'name="block"' not in form
    page = client.post(urls[kind], by_visitor(), follow=True)
    report = Report.objects.get()
    assert (report.reporter, report.email, report.case.kind) == (None, VERA, kind)
    assert report.key in page.content.decode() and page.request["PATH_INFO"].startswith("/reports/")


@pytest.mark.parametrize(
    "sent",
    [
        {"website": "https://buy.example"},
        {"shown": ""},
        {"shown": "forged"},
        {"shown": lambda: shown_now()},
        {"shown": lambda: shown_now(ago=2 * 24 * 60 * 60)},
    ],
    ids=["trap", "nothing", "forged", "at once", "long ago"],
)
def test_what_a_machine_sends_is_not_taken_and_a_person_can_send_it_once_more(client, sent):
    _post, urls = addresses()
    sent = {name: value() if callable(value) else value for name, value in sent.items()}
    page = client.post(urls["post"], by_visitor(**sent))
    assert page.status_code == 422 and not Report.objects.exists()
    text = page.content.decode()
    assert "send it once more" in text and "Look" in text and VERA in text and "buy.example" not in text


def test_a_visitor_without_an_address_is_asked_for_one(client):
    _post, urls = addresses()
    assert client.post(urls["post"], by_visitor(email="")).status_code == 422
    assert not Report.objects.exists()


@pytest.mark.parametrize("limit", ["1/h/ip", "1/h/key"])
def test_visitors_cannot_report_without_end(client, settings, limit):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "report_visitor": limit}
    _post, urls = addresses()
    told = [client.post(url, by_visitor()).status_code for url in (urls["post"], urls["profile"])]
    assert told == [302, 429] and Report.objects.count() == 1


# --- The way there ----------------------------------------------------------------------------------------------------


def test_everybody_else_finds_the_way_on_the_post_its_comments_and_the_members_page(client):
    post, urls = addresses()
    for who in (client, signed_in(a_member())):
        assert urls["post"] in (page := who.get(post.address()).content.decode()) and urls["comment"] in page
        assert urls["profile"] in who.get("/members/ana/").content.decode()


def test_ones_own_things_have_no_such_link():
    post, urls = addresses()
    ana = signed_in(post.author)
    page = ana.get(post.address()).content.decode()
    assert urls["post"] not in page and urls["comment"] in page
    assert urls["profile"] not in ana.get("/members/ana/").content.decode()
    cora = signed_in(type(post.author).objects.get(username="cora"))
    assert urls["comment"] not in cora.get(post.address()).content.decode()


# --- Nobody learns who ------------------------------------------------------------------------------------------------


def test_whom_it_is_about_learns_of_no_report_anywhere(client):
    ana = a_member("ana")
    post = a_post(ana)
    comment = a_comment_on(post, ana)
    told = "tellingwords"
    reporter = a_member("gustav")
    for thing in (post, comment, ana):
        report = a_report(thing, by=reporter, text=told)
        a_report(thing, email="vera@example.org", text=told)
        answer_reports(report.case, "Wellanswered.")
    own = signed_in(ana)
    gallery = first_gallery(ana).gallery_slug
    pages = [
        post.address(), "/members/ana/", f"/members/ana/{gallery}/", "/home/", "/notifications/", "/settings/",
        f"/p/{post.short_id}/comments/", f"/p/{post.short_id}/comments/{comment.key}/", f"/p/{post.short_id}/likes/",
        "/settings/export/", "/settings/privacy/", f"/api/v1/posts/{post.short_id}", "/api/v1/members/ana",
    ]  # fmt: skip
    words = [told, "gustav", "Gustav", "vera@", "Wellanswered", *Report.objects.values_list("key", flat=True)]
    words += Case.objects.values_list("key", flat=True)
    for url in pages:
        page = own.get(url)
        assert page.status_code == 200, url
        assert [word for word in words if word in page.content.decode()] == [], url
    archive = zipfile.ZipFile(BytesIO(b"".join(export_of(ana))))
    for name in archive.namelist():
        text = archive.read(name).decode(errors="ignore")
        assert [word for word in words if word in text] == [], name
    made = json.loads(zipfile.ZipFile(BytesIO(b"".join(export_of(reporter)))).read("moderation.json"))["reports_made"]
    assert [row["words"] for row in made] == [told] * 3, "what the reporter said is in the reporter's own"
