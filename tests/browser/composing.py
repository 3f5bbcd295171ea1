"""What stories of the composer do and look at in its page."""

from playwright.sync_api import expect

from tests import factories as f
from tests.browser.waiting import until


def a_file(name="heron.png", content=None, **options):
    """A file as somebody would choose it: small, each another picture."""
    content = (
        f.a_picture(**{"width": 60, "height": 40, "format": "PNG", **options}).getvalue()
        if content is None
        else content
    )
    return {"name": name, "mimeType": "image/png", "buffer": content}


def a_large_file(name="large.png"):
    """A picture of two parts, quickly made and quickly read."""
    return a_file(name, width=1500, height=1200, compress_level=0)


def choose(page, *files):
    page.locator("input[type=file][name=picture]").set_input_files(list(files))


def items(page):
    return page.get_by_role("list", name="Photos").get_by_role("listitem")


def all_ready(page, count):
    expect(page.get_by_text("✓ Ready")).to_have_count(count)
    return items(page)


def says(page, words):
    """What the page says aloud."""
    expect(page.locator("[role=status][data-status]")).to_contain_text(words)


def caption(page):
    return page.get_by_role("textbox", name="Caption (optional)")


def held_back(page, address, method="POST"):
    """Requests to `address` that wait until they are let go: a list that fills, and a function that lets them go."""
    held, free = [], []

    def hold(route):
        if free or route.request.method != method:
            route.continue_()
        else:
            held.append(route)

    def let_go():
        until(page, lambda: held)
        free.append(True)
        for route in held:
            route.continue_()

    page.route(address, hold)
    return held, let_go


def names(page):
    """The photos' keys in the order of the page."""
    return items(page).evaluate_all("all => all.map((one) => one.dataset.photo)")


def keys(post):
    return list(post.photos.in_place().order_by("position").values_list("key", flat=True))


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def saved(page):
    """The draft has saved what was typed."""
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
