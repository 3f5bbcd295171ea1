"""The home feed by two people at two windows: one follows, the other publishes, and the open page says so."""

import pytest

from tests.browser.test_story import sign_in
from tests.factories import a_member, a_post, an_original
from tests.feeds_world import follows

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_open_home_page_learns_that_somebody_followed_has_published(a_person):
    ana, milo = a_member("ana", name="Ana"), a_member("milo")
    original = an_original(by=ana)
    a_post(ana, original=original, caption="An older one", alt_text="An older one")

    # --- Milo looks at his home, which is empty and says whom he might follow ------------------------------------------
    his = a_person(width=390, height=844)
    his.page.clock.install()
    sign_in(his, "milo")
    his.go("/home/")
    his.page.get_by_role("heading", name="Whom you might follow").wait_for()
    follows(milo, ana)
    his.go("/home/")
    his.page.get_by_role("link", name="An older one").wait_for()

    # --- Ana, at another window, publishes ----------------------------------------------------------------------------
    hers = a_person()
    sign_in(hers, "ana")
    new = a_post(ana, original=original, caption="Just now", alt_text="Just now")
    hers.go("/home/")
    hers.page.get_by_role("link", name="Just now").wait_for()

    # --- Milo's page has not been touched: after a minute it says so, and one press shows it ---------------------------
    his.page.clock.fast_forward("01:10")
    his.follow(his.page.get_by_role("status").get_by_role("link", name="1 new post"))
    his.page.locator("#posts > li").first.locator(f"a[href*='{new.short_id}']").wait_for()
    assert his.page.get_by_role("link", name="Just now").is_visible()
    assert his.complaints == hers.complaints == []
