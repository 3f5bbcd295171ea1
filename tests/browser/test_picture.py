"""Cutting one's profile picture in a real browser: by pointer, by keyboard, again later, and without scripts."""

import pytest
from playwright.sync_api import expect

from community.models import Avatar
from tests.browser.test_composer import AXE
from tests.browser.test_story import run_worker, sign_in
from tests.factories import a_member, a_picture, an_avatar

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def landscape(tmp_path):
    """A photograph of 1200 by 800 pixels."""
    file = tmp_path / "landscape.jpg"
    file.write_bytes(a_picture(1200, 800).read())
    return file


@pytest.fixture
def ana(a_person):
    a_member("ana", name="Ana Duarte")
    ana = a_person(width=1200, height=900)
    sign_in(ana, "ana")
    ana.go("/settings/picture/")
    return ana


def chosen_square(page):
    return tuple(int(page.locator(f"form[enctype] [name={name}]").input_value()) for name in ("left", "top", "side"))


def choose(page, file):
    page.get_by_label("Choose a picture").set_input_files(file)
    page.locator("[data-square]").first.wait_for()


def saved():
    avatar = Avatar.objects.latest("pk")
    return avatar.crop_left, avatar.crop_top, avatar.crop_side


@pytest.mark.queued
def test_by_pointer_and_the_page_turns_to_the_picture_by_itself(ana, landscape):
    page = ana.page
    assert page.get_by_role("main").get_by_text("People see your initials").is_visible()
    choose(page, landscape)
    assert chosen_square(page) == (200, 0, 800)
    page.get_by_label("Size of the square").fill("50")
    assert chosen_square(page) == (400, 200, 400)
    # Dragged to the right and down by a tenth of what is seen: the same share of the picture's own pixels.
    frame, square = page.locator("[data-frame]").bounding_box(), page.locator("[data-square]").bounding_box()
    x, y = square["x"] + square["width"] / 2, square["y"] + square["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + frame["width"] / 10, y + frame["height"] / 10, steps=4)
    page.mouse.up()
    left, top, side = chosen_square(page)
    assert (left, top, side) == (pytest.approx(520, abs=4), pytest.approx(280, abs=4), 400)
    # What is seen agrees with what is sent.
    drawn = page.locator("[data-square]").bounding_box()
    assert (drawn["x"] - frame["x"]) / frame["width"] == pytest.approx(left / 1200, abs=0.01)
    assert drawn["width"] == pytest.approx(drawn["height"], abs=1)
    ana.press("Save the picture")
    assert saved() == (left, top, side)
    assert page.get_by_role("main").get_by_text("Processing").is_visible()
    run_worker()
    picture = page.get_by_role("main").get_by_role("img", name="Ana Duarte")
    page.locator("main img.avatar.xl").wait_for(timeout=20_000)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    expect(page.locator("header img.avatar").first).to_be_visible()
    # Cutting it anew starts from the square that there is, over a preview of another size.
    page.get_by_text("Cut it anew", exact=True).click()
    again = page.locator("[data-recut]")
    again.locator("[data-square]").wait_for()
    again.locator("[data-square]").focus()
    page.keyboard.press("-")
    ana.press("Save this cut")
    assert saved() == (pytest.approx(left + 20, abs=1), pytest.approx(top + 20, abs=1), 360)
    assert [text for text in ana.complaints if "Content Security" in text] == []


def test_by_keyboard_alone(ana, landscape):
    page = ana.page
    choose(page, landscape)
    page.get_by_label("Choose a picture").focus()
    page.keyboard.press("Tab")
    square = page.locator("[data-square]")
    assert square.evaluate("element => element === document.activeElement && element.matches(':focus-visible')")
    for key in ["-"] * 4 + ["ArrowRight"] * 3 + ["Shift+ArrowDown", "ArrowUp", "+"]:
        page.keyboard.press(key)
    # Four twentieths smaller around the middle, then one larger; 16 pixels a press, 80 with Shift; and never outside.
    assert chosen_square(page) == (200 + 80 + 48 - 20, 800 - 680, 680)
    expect(page.locator("[data-words]").filter(has_text="largest")).to_contain_text("85 % of the largest one")
    for _ in range(80):
        page.keyboard.press("ArrowLeft")
    assert chosen_square(page)[0] == 0
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert chosen_square(page)[2] == 800
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("main img.avatar.xl").wait_for()
    assert saved()[1:] == (0, 800)
    assert [text for text in ana.complaints if "Content Security" in text] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_a_square_is_chosen_and_when_it_is_cut_anew(a_person, landscape, scheme):
    an_avatar(a_member("ana"))
    ana = a_person(bypass_csp=True, color_scheme=scheme)  # for axe-core alone, which is not the site's
    sign_in(ana, "ana")
    ana.go("/settings/picture/")
    ana.page.get_by_text("Cut it anew", exact=True).click()
    choose(ana.page, landscape)
    ana.page.evaluate(AXE)
    found = ana.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []


def test_a_file_that_the_browser_cannot_show_is_sent_as_it_is(ana, tmp_path):
    """As HEIC is: its middle is cut out, and the page says so."""
    file = tmp_path / "unseen.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0 not much of a picture")
    page = ana.page
    page.get_by_label("Choose a picture").set_input_files(file)
    page.get_by_text("Your browser cannot show this file").wait_for()
    assert not page.locator("[data-square]").first.is_visible()
    assert page.locator("form[enctype] [name=side]").input_value() == ""


def test_without_scripts_the_middle_is_cut_out(a_person, landscape):
    a_member("ana")
    ana = a_person(java_script_enabled=False)
    sign_in(ana, "ana")
    ana.go("/settings/picture/")
    ana.page.get_by_label("Choose a picture").set_input_files(landscape)
    ana.press("Save the picture")
    assert saved() == (0, 0, 0)
    assert ana.page.locator("main img.avatar.xl").is_visible()
    assert not ana.page.get_by_text("Cut it anew", exact=True).is_visible()
    ana.press("Remove")
    assert ana.page.locator("main img.avatar").count() == 0


def test_what_the_server_refuses_is_said_beside_the_field_and_another_file_can_be_sent(ana, tmp_path, landscape):
    file = tmp_path / "letter.jpg"
    file.write_bytes(b"This is a letter.")
    page = ana.page
    page.get_by_label("Choose a picture").set_input_files(file)
    page.get_by_role("button", name="Save the picture").click()
    page.locator("[data-refused]").filter(has_text="not a picture").wait_for()
    assert not Avatar.objects.exists()
    choose(page, landscape)
    assert not page.locator("[data-refused]").is_visible()
    ana.press("Save the picture")
    assert Avatar.objects.get().is_in_place


def test_a_lost_connection_goes_on_where_it_stopped_without_choosing_again(ana, landscape):
    page = ana.page
    choose(page, landscape)
    page.route("**/uploads/**", lambda route: route.abort())
    page.clock.install()  # the waits between tries are seconds
    page.get_by_role("button", name="Save the picture").click()
    again = page.get_by_role("button", name="Try again")

    def given_up():
        page.clock.run_for(5_000)
        return again.is_visible()

    ana.until(given_up)
    page.unroute("**/uploads/**")
    page.clock.resume()
    ana.follow(again)
    assert Avatar.objects.get().is_in_place
