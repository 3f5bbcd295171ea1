"""A moderator at the queue: pictures blurred until pressed, one key for each decision, and the next case."""

import pytest

from gallery.models import PostPage
from tests.cases_world import a_case
from tests.factories import a_post, a_staff_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_moderator_decides_by_key_and_undoes(a_person):
    urgent, later = a_case(a_post(caption="Ridge"), category="hate"), a_case(a_post(caption="Lake"))
    mona = a_person().signed_in_as(a_staff_member("Moderators", "mona"))
    page = mona.page
    mona.go("/admin/cases/")
    mona.turn("j")
    assert page.url.endswith(f"/admin/cases/{urgent.key}/")

    picture = page.locator("[data-veiled] img")
    blurred = "(image) => getComputedStyle(image).filter"
    assert "blur" in picture.evaluate(blurred) and "/private/" in picture.get_attribute("src")
    page.keyboard.press("x")
    assert picture.evaluate(blurred) == "none"
    page.keyboard.press("x")
    assert "blur" in picture.evaluate(blurred)

    mona.turn("c")
    page.get_by_text("In the hands of mona").wait_for()
    # In a field the keys belong to what is typed.
    page.get_by_label("Or in your own words").fill("")
    page.get_by_label("Or in your own words").press_sequentially("ttt")
    assert page.url.endswith(f"/admin/cases/{urgent.key}/")
    page.get_by_role("heading", name="Reports").click()
    mona.turn("t")
    assert page.url.endswith(f"/admin/cases/{later.key}/")
    assert PostPage.objects.get(pk=urgent.post_id).team_reason == "ttt"

    mona.follow(page.get_by_role("link", name="Undo"))
    mona.press("Undo")
    page.get_by_text("Undone.").wait_for()
    assert PostPage.objects.get(pk=urgent.post_id).team_state == "none"
    assert mona.complaints == []
