"""The main job, end to end, by three people at three windows: a visitor who joins and shares, one who searches, a moderator.

Real Chromium, a real server, the real task queue with its worker run where a worker would run.
"""

import re

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from community.models import ConsentRecord, User
from community.quiet_checks import LEAST
from gallery.models import PostPage
from tests.factories import PASSWORD, a_picture, a_staff_member

pytestmark = pytest.mark.django_db(transaction=True)

CAPTION = "Heron over the weir at first light"


def run_worker():
    """What the worker beside the site does: take everything from the queue, and stop."""
    call_command("db_worker", batch=True, interval=0, verbosity=0)


def link_in(mail):
    return re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]


def sign_in(person, username, *, path="/accounts/login/"):
    person.go(path)
    person.page.get_by_label("Username or email").fill(username)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.press("Sign in")


@pytest.fixture
def heron(tmp_path):
    """A photograph with a place in its metadata, as a phone writes it."""
    file = tmp_path / "heron.jpg"
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "SecretCameraMaker"
    file.write_bytes(a_picture(1600, 1200, exif=exif).getvalue())
    return file


@pytest.mark.queued
def test_join_share_be_found_be_taken_down(a_person, heron, mailoutbox):
    # --- Ana joins -----------------------------------------------------------------------------------------------------
    ana = a_person()
    ana.go("/")
    page = ana.page
    ana.follow(page.get_by_role("link", name="Join").first)
    page.locator("[name=name]").fill("Ana Duarte")
    page.locator("[name=email]").fill("ana@example.org")
    page.locator("[name=username]").fill("anaduarte")
    page.locator("[name=password1]").fill(PASSWORD)

    # Without consent there is no account, and the page says so kindly and keeps what was typed.
    page.locator("[name=confirm_age]").check()
    page.locator("form[action*=signup]").evaluate("form => form.noValidate = true")
    page.wait_for_timeout(LEAST * 1000)  # nobody fills it in faster
    ana.press("Join")
    assert page.get_by_role("main").get_by_role("alert").is_visible()
    assert page.locator("[name=name]").input_value() == "Ana Duarte"
    assert not User.objects.filter(username="anaduarte").exists()

    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=accept_policy]").check()
    page.locator("[name=confirm_age]").check()
    ana.press("Join")
    page.get_by_role("heading", name="Check your inbox").wait_for()
    assert ConsentRecord.objects.filter(user__username="anaduarte").exists()

    # Until her address is confirmed nothing of hers can be seen.
    visitor = a_person(width=390, height=844)
    assert visitor.go("/members/anaduarte/").status == 404
    ana.go(link_in(mailoutbox[-1]))
    confirm = page.get_by_role("main").get_by_role("button", name="Confirm")
    if confirm.count():
        ana.follow(confirm)
    if not page.get_by_role("link", name="Share").count():
        sign_in(ana, "anaduarte")
    assert visitor.go("/members/anaduarte/").status == 200

    # --- Ana shares ----------------------------------------------------------------------------------------------------
    ana.follow(page.get_by_role("link", name="Share", exact=True).first)
    page.locator("input[type=file]").set_input_files(heron)
    page.locator("img[src^='blob:']").first.wait_for()
    page.locator("[name=caption]").fill(CAPTION)
    page.get_by_label("Describe it for people who cannot see it").fill("A heron above falling water")
    page.get_by_role("main").get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile("/members/anaduarte/"))
    post = PostPage.objects.get(author__username="anaduarte")
    address = post.address()
    assert "processing" in page.get_by_role("main").inner_text().lower()
    assert visitor.go(address).status == 404

    run_worker()
    # The open page turns by itself.
    picture = page.locator("main .stage picture img").first
    picture.wait_for(timeout=20_000)

    # --- Somebody else finds it ----------------------------------------------------------------------------------------
    visitor.go("/")
    visitor.page.get_by_role("search").locator("input").fill("heron weir")
    visitor.turn("Enter")
    visitor.follow(visitor.page.get_by_role("main").get_by_role("link").filter(has=visitor.page.locator("img")).first)
    assert address in visitor.page.url
    assert CAPTION in visitor.page.get_by_role("main").inner_text()
    shown = visitor.page.locator("main .stage picture img").first
    source = shown.evaluate("image => image.currentSrc")
    answer = visitor.page.request.get(source)
    assert answer.status == 200
    assert b"SecretCameraMaker" not in answer.body()
    assert shown.get_attribute("alt") == "A heron above falling water"
    files = list(post.publications.get(state="open").names)

    # --- Staff take it down --------------------------------------------------------------------------------------------
    a_staff_member("Moderators", "marta")
    marta = a_person()
    sign_in(marta, "marta", path="/admin/")
    marta.go(f"/admin/posts/{post.short_id}/")
    marta.follow(marta.page.get_by_role("link", name="Take down"))
    marta.page.locator("[name=reason]").fill("Not the member's own photograph")
    marta.press("Take down")

    # Gone from the internet ...
    assert visitor.go(address).status == 410
    assert visitor.go(f"/p/{post.short_id}/").status == 410
    assert visitor.page.request.get(source).status in (403, 404)
    assert not any(storages["media"].exists(name) for name in files)
    visitor.go("/search/?q=heron")
    assert visitor.page.locator(f"a[href='{address}']").count() == 0
    # ... while the team still has it, and sees it, and Ana sees why.
    original = post.photos.get().picture.original
    assert storages["vault"].exists(original.name)
    marta.go(f"/admin/posts/{post.short_id}/")
    staff_view = marta.page.locator("main img").first
    staff_view.scroll_into_view_if_needed()
    assert staff_view.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    assert "/private/derived/" in staff_view.get_attribute("src")
    assert ana.go(address).status == 200
    assert "Not the member's own photograph" in page.get_by_role("main").inner_text()

    # --- And restore it, under new names -------------------------------------------------------------------------------
    marta.follow(marta.page.get_by_role("link", name="Restore"))
    marta.press("Restore")
    assert visitor.go(address).status == 200
    assert visitor.page.request.get(source).status in (403, 404)

    # --- Ana deletes it, and takes that back ---------------------------------------------------------------------------
    ana.go(f"/p/{post.short_id}/delete/")
    ana.press("Delete")
    assert visitor.go(address).status == 410
    ana.go(f"/p/{post.short_id}/undo/")
    ana.press("Bring it back")
    assert visitor.go(address).status == 200

    # No page broke the content security policy on the way.
    complaints = [text for person in (ana, visitor) for text in person.complaints if "Content Security" in text]
    assert complaints == []


def test_a_signed_in_member_gets_404_at_the_console(a_person):
    from tests.factories import a_member

    a_member("jonasb")
    jonas = a_person()
    sign_in(jonas, "jonasb")
    assert jonas.go("/admin/").status == 404
