"""The composer and the edit page in a real browser: files on their way, order, words, drafts, and what breaks."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gallery.models import Photo, PostPage
from gallery.states import AuthorState
from tests import factories as f
from tests.browser.composing import (
    a_file,
    a_large_file,
    all_ready,
    caption,
    choose,
    held_back,
    items,
    keys,
    names,
    press,
    saved,
    says,
)
from tests.browser.waiting import until
from tests.pictures import photo

pytestmark = pytest.mark.django_db(transaction=True)

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()
DESCRIBE = re.compile("Describe it for people who cannot see it")


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


@pytest.fixture
def window(ana, client, a_person, live_server):
    """Call it for a window in which Ana is signed in."""

    def open_window(**options):
        person = a_person(**options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        person.page.context.add_cookies([cookie])
        return person

    return open_window


@pytest.fixture
def page(window):
    """Ana's window at /share/."""
    person = window()
    person.go("/share/")
    yield person.page
    assert [text for text in person.complaints if "Content Security" in text] == []


# --- Files on their way -----------------------------------------------------------------------------------------------


def test_many_files_travel_one_at_a_time_and_become_one_post(page):
    held, let_go = held_back(page, "**/uploads/")
    choose(page, a_file("a.png"), a_file("b.png"), a_file("c.png"))
    expect(page.locator("img[src^='blob:']")).to_have_count(3)
    says(page, "3 photos were added.")
    expect(items(page).nth(0).get_by_text(re.compile("Uploading"))).to_be_visible()
    expect(items(page).nth(0).get_by_role("progressbar")).to_be_visible()
    expect(items(page).nth(1).get_by_text("Waiting for its turn")).to_be_visible()
    expect(items(page).nth(2).get_by_text("Waiting for its turn")).to_be_visible()
    let_go()
    all_ready(page, 3)
    assert len(held) == 1
    expect(page.locator(".face img[src*='/private/derived/']")).to_have_count(3)
    shown = names(page)
    caption(page).fill("Three at once")
    press(page, "Publish")
    page.wait_for_url(re.compile("/members/ana/"))
    post = PostPage.objects.get()
    assert (post.caption, post.is_visible, keys(post)) == ("Three at once", True, shown)


def test_what_the_browser_cannot_show_is_shown_once_the_server_has_it(page):
    choose(page, a_file("phone.heic", photo(400, 300, format="HEIC")))
    expect(items(page).get_by_text("Preview follows")).to_be_visible()
    all_ready(page, 1)
    expect(items(page).locator(".face img[src*='/private/derived/']")).to_be_visible()


@pytest.mark.queued
def test_more_than_twenty_find_no_room_and_it_says_so(page, ana):
    draft = f.a_draft(ana, photos=19)
    page.goto(page.url + f"{draft.short_id}/")
    choose(page, a_file(), a_file(), a_file())
    expect(page.get_by_role("alert")).to_have_text("A post has 20 photos at most. 2 were left out.")
    expect(items(page)).to_have_count(20)
    expect(items(page).nth(19).get_by_text("It is being prepared.")).to_be_visible()


def test_the_window_asks_before_it_closes_only_while_a_file_is_on_its_way(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    choose(page, a_file())
    all_ready(page, 1)
    page.reload()
    assert asked == []
    held, _let_go = held_back(page, "**/uploads/")
    choose(page, a_file())
    until(page, lambda: held)
    page.reload()
    assert asked == ["beforeunload"]


def test_what_was_chosen_before_the_scripts_were_there_is_taken_as_well(page):
    _held, let_go = held_back(page, "**/composer.js", method="GET")
    page.reload(wait_until="commit")
    choose(page, a_file())
    expect(items(page)).to_have_count(0)
    let_go()
    all_ready(page, 1)


def test_progress_is_shown_in_words_for_a_file_of_several_parts(page):
    _held, let_go = held_back(page, "**/uploads/*/", method="PATCH")
    choose(page, a_large_file())
    expect(items(page).get_by_text(re.compile(r"Uploading, [1-9]\d? % of 5[.,]4"))).to_be_visible()
    let_go()
    all_ready(page, 1)


def test_what_is_pasted_and_what_is_dropped_is_taken(page):
    put = """([kind, bytes, name]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/png" }));
        const event = kind === "paste"
          ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector("[data-drop]").dispatchEvent(event);
    }"""
    page.evaluate(put, ["paste", list(a_file()["buffer"]), "pasted.png"])
    all_ready(page, 1)
    page.evaluate(put, ["dragover", list(a_file()["buffer"]), "dropped.png"])
    expect(page.locator("[data-drop].over")).to_be_visible()
    page.evaluate(put, ["drop", list(a_file()["buffer"]), "dropped.png"])
    expect(page.locator("[data-drop].over")).to_have_count(0)
    all_ready(page, 2)


def test_a_connection_that_breaks_in_the_middle_is_tried_again_without_choosing_again(page):
    page.clock.install()
    page.route("**/uploads/*/", lambda route: route.abort())
    choose(page, a_large_file(), a_file("after.png"))
    first = items(page).nth(0)
    broke = first.get_by_text("The connection broke. Try again: nothing else is lost.")

    def given_up():
        page.clock.fast_forward(5000)
        return broke.is_visible()

    until(page, given_up)
    expect(items(page).nth(1).get_by_text("Waiting for its turn")).to_be_visible()
    press(page, "Publish")
    says(page, "A photo has not arrived, because the connection broke.")
    first.get_by_label(DESCRIBE).fill("Typed while it was broken")
    page.unroute("**/uploads/*/")
    sent = []
    page.on("request", lambda request: request.method == "PATCH" and sent.append(request.headers["upload-offset"]))
    first.get_by_role("button", name="Try again").click()
    all_ready(page, 2)
    assert int(sent[0]) >= 5 * 1024 * 1024, "it began from the start"
    saved(page)
    assert Photo.objects.order_by("position").first().alt_text == "Typed while it was broken"


def test_a_file_is_cancelled_and_the_others_arrive(page):
    held, let_go = held_back(page, "**/uploads/")
    choose(page, a_file("a.png"), a_file("b.png"))
    until(page, lambda: held)
    items(page).nth(0).get_by_role("button", name=re.compile("Cancel")).click()
    says(page, "Cancelled.")
    let_go()
    all_ready(page, 1)
    assert Photo.objects.count() == 1


def test_a_file_that_is_no_picture_is_named_and_the_others_are_fine(page):
    choose(page, a_file("a.png"), a_file("letter.jpg", b"This is a letter."), a_file("b.png"))
    refused = items(page).filter(has_text="not a picture")
    expect(refused).to_be_visible()
    all_ready(page, 2)
    refused.get_by_role("button", name="Leave it out").click()
    expect(items(page)).to_have_count(2)
    press(page, "Publish")
    page.wait_for_url(re.compile("/members/ana/"))
    assert PostPage.objects.get().photos.count() == 2


def test_a_file_over_the_limit_is_refused_before_it_travels(page):
    page.locator("[name=picture]").evaluate("field => { field.dataset.most = 100; }")
    choose(page, a_file())
    expect(items(page).get_by_text("This file is larger than 40.0")).to_be_visible()
    assert not PostPage.objects.exists()


def test_publishing_waits_for_files_on_their_way_and_says_so(page):
    held, let_go = held_back(page, "**/uploads/")
    choose(page, a_file())
    until(page, lambda: held)
    press(page, "Publish")
    says(page, "One photo is still on its way.")
    assert PostPage.objects.get().is_draft
    let_go()
    page.wait_for_url(re.compile("/members/ana/"))
    assert PostPage.objects.get().is_visible


def test_the_caption_counts_its_characters_as_the_server_does(page):
    counter = page.locator("#id_caption + output")
    expect(counter).to_have_text("0 / 2,000")
    caption(page).fill("Heron 🪶")
    expect(counter).to_have_text("7 / 2,000")


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_survives_a_reload_with_its_words(page):
    caption(page).fill("Typed before any file")
    choose(page, a_file(), a_file())
    all_ready(page, 2)
    assert re.search(r"/share/\w{10}/$", page.url)
    items(page).nth(1).get_by_label(DESCRIBE).fill("A heron")
    page.get_by_label(re.compile("Sensitive")).check()
    page.get_by_label("What to expect").fill("Surgery")
    saved(page)
    before = names(page)
    page.reload()
    assert names(page) == before
    expect(caption(page)).to_have_value("Typed before any file")
    expect(items(page).nth(1).get_by_label(DESCRIBE)).to_have_value("A heron")
    expect(page.get_by_label("What to expect")).to_have_value("Surgery")
    expect(page.get_by_text("One photo has no description yet. A sentence is enough.")).to_be_visible()
    page.goto(page.url.rpartition("/share/")[0] + "/share/")
    expect(page.get_by_role("link", name=re.compile("Continue"))).to_be_visible()


def test_saved_is_said_only_once_what_was_typed_last_is(page):
    choose(page, a_file())
    all_ready(page, 1)
    saved(page)
    held = []
    page.route(re.compile(r"/share/\w{10}/$"), lambda route: held.append(route))
    caption(page).fill("One")
    until(page, lambda: held)
    caption(page).fill("One and two")
    with page.expect_response(re.compile(r"/share/\w{10}/$")):
        held[0].continue_()
    until(page, lambda: len(held) == 2)
    expect(page.locator("[data-saved]")).to_have_text("")
    held[1].continue_()
    saved(page)
    assert PostPage.objects.get().caption == "One and two"


def test_a_draft_is_published_as_a_post_each(page):
    choose(page, a_file(), a_file())
    all_ready(page, 2)
    page.get_by_label("a post each").check()
    press(page, "Publish")
    page.wait_for_url(re.compile("/members/ana/photos/$"))
    assert [post.photos.count() for post in PostPage.objects.filter(author_state=AuthorState.PUBLISHED)] == [1, 1]


def test_photos_are_put_in_order_by_key_and_by_drag(page, ana):
    draft = f.a_draft(ana, photos=3)
    one, two, three = keys(draft)
    page.goto(page.url + f"{draft.short_id}/")
    with page.expect_response(re.compile("/photos/order/")):
        items(page).nth(0).get_by_role("button", name=re.compile("arrow keys")).press("ArrowDown")
    says(page, "Now at place 2 of 3.")
    assert names(page) == keys(draft) == [two, one, three]
    # The focus stays on the handle, so that it goes on.
    with page.expect_response(re.compile("/photos/order/")):
        page.keyboard.press("End")
    assert names(page) == keys(draft) == [two, three, one]
    with page.expect_response(re.compile("/photos/order/")):
        items(page).nth(2).get_by_role("button", name="Move up: photo 3").click()
    assert names(page) == keys(draft) == [two, one, three]
    with page.expect_response(re.compile("/photos/order/")):
        drag(page, items(page).nth(2), items(page).nth(0))
    assert names(page) == keys(draft) == [three, two, one]
    says(page, "Now at place 1 of 3.")
    page.reload()
    assert names(page) == [three, two, one]


def test_photos_are_put_in_order_by_a_finger(window, ana):
    draft = f.a_draft(ana, photos=2)
    one, two = keys(draft)
    person = window(width=390, height=844, has_touch=True, is_mobile=True)
    person.go(f"/share/{draft.short_id}/")
    page = person.page
    expect(page.locator("form.scripted")).to_be_visible()
    handle = items(page).nth(1).locator("[data-handle]")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    finger = page.context.new_cdp_session(page)

    def touch(kind, *y):
        points = [{"x": box["x"] + 10, "y": one} for one in y]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    with page.expect_response(re.compile("/photos/order/")):
        touch("touchStart", box["y"] + 10)
        touch("touchMove", box["y"] / 2)
        # At the window's edge the page scrolls under the finger, which rests.
        touch("touchMove", 20)
        until(page, lambda: names(page) == [two, one])
        touch("touchEnd")
    assert keys(draft) == [two, one]


def drag(page, item, onto):
    handle, target = item.locator("[data-handle]").bounding_box(), onto.bounding_box()
    page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] + 10, target["y"] + target["height"], steps=4)
    page.mouse.move(handle["x"] + 10, target["y"] + 2, steps=4)
    page.mouse.up()


# --- Without a mouse, without scripts, without eyes -------------------------------------------------------------------


def test_the_keyboard_alone_is_enough(page):
    keyboard = page.keyboard

    def tab_to(name, role="button"):
        """Press Tab until what is called `name` has the focus."""
        wanted = page.get_by_role("main").get_by_role(role, name=name)
        for _step in range(60):
            if wanted.count() and wanted.first.evaluate("one => one === document.activeElement"):
                return
            keyboard.press("Tab")
        raise AssertionError(f"{name} is not reached by Tab")

    expect(page.locator("form.scripted")).to_be_visible()
    tab_to("Choose photographs")
    with page.expect_file_chooser() as chooser:
        keyboard.press("Space")
    chooser.value.set_files([a_file(), a_file()])
    all_ready(page, 2)
    first, second = names(page)
    tab_to(DESCRIBE, "textbox")
    keyboard.type("A heron")
    tab_to("Move down: photo 1")
    with page.expect_response(re.compile("/photos/order/")):
        keyboard.press("Enter")
    tab_to("Caption", "textbox")
    keyboard.type("By key")
    tab_to("Publish")
    keyboard.press("Enter")
    page.wait_for_url(re.compile("/members/ana/"))
    post = PostPage.objects.get()
    assert (post.caption, keys(post)) == ("By key", [second, first])
    assert Photo.objects.get(key=first).alt_text == "A heron"


def test_without_scripts_photos_are_described_moved_and_published(window):
    person = window(java_script_enabled=False)
    page = person.page
    person.go("/share/")
    choose(page, a_file(), a_file())
    caption(page).fill("Plainly")
    person.press("Describe each first")
    expect(items(page)).to_have_count(2)
    first, second = names_without_scripts(page)
    items(page).nth(0).get_by_label(DESCRIBE).fill("A heron")
    person.press("Move down: photo 1")
    assert names_without_scripts(page) == [second, first]
    choose(page, a_file())
    person.press("Add")
    expect(items(page)).to_have_count(3)
    person.press("Remove photo 1")
    person.press("Publish")
    post = PostPage.objects.get()
    assert (post.caption, post.is_visible) == ("Plainly", True)
    assert [photo.alt_text for photo in post.photos.in_place().order_by("position")] == ["A heron", ""]


def names_without_scripts(page):
    return [item.get_attribute("data-photo") for item in items(page).all()]


def test_no_accessibility_rule_is_broken(window, page, ana):
    """axe-core on each of the pages, with photos in every state, a file on its way, and a question that is open."""
    choose(page, a_file("letter.jpg", b"This is a letter."), a_file())
    all_ready(page, 1)
    page.route("**/uploads/", lambda route: None)
    choose(page, a_file())
    assert violations(page) == []
    post = f.a_post(ana, photos=2)
    person = window(color_scheme="dark", width=390, height=844)
    person.go(f"/p/{post.short_id}/edit/")
    person.page.locator("details.focus summary").first.click()
    person.page.get_by_role("button", name="Remove photo 2").click()
    assert violations(person.page) == []


def violations(page):
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [(one["id"], [node["html"][:150] for node in one["nodes"]]) for one in found]


# --- A post that is published -----------------------------------------------------------------------------------------


def test_photos_of_a_published_post_are_added_replaced_and_removed(window, ana):
    post = f.a_post(ana, photos=2)
    first, second = keys(post)
    person = window()
    page = person.page
    person.go(f"/p/{post.short_id}/edit/")

    choose(page, a_file())
    all_ready(page, 3)
    third = names(page)[2]

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Replace photo 1").click()
    chooser.value.set_files(a_file())
    expect(page.locator(f"[data-photo='{first}']")).to_have_count(0)
    all_ready(page, 3)
    new = names(page)[0]
    assert names(page) == [new, second, third]
    expect(items(page).nth(0).get_by_label(DESCRIBE)).to_have_value("A ridge")

    page.get_by_role("button", name="Remove photo 2").click()
    question = page.get_by_role("group", name="Remove this photo?")
    expect(question).to_contain_text("At once nobody else can reach it")
    expect(question.get_by_role("button", name="Keep it")).to_be_focused()
    question.get_by_role("button", name="Remove", exact=True).click()
    expect(items(page)).to_have_count(2)
    says(page, "Removed.")

    items(page).nth(1).get_by_label(DESCRIBE).fill("A lake")
    page.locator("details.focus summary").first.click()
    page.locator("[data-focus] img").first.click()
    expect(page.get_by_label("From the left, in per cent").first).to_have_value("50")
    press(page, "Save")
    page.wait_for_url(re.compile("/members/ana/"))
    assert keys(post) == [new, third]
    assert Photo.objects.get(key=third).alt_text == "A lake"
    assert Photo.objects.get(key=new).picture.has_focal_point()
    assert PostPage.objects.get().is_visible
