"""axe-core in a real browser, for the tests that ask it about the site's pages."""

from pathlib import Path

from django.conf import settings

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()
ALL_RULES = "axe.run(document, { resultTypes: ['violations'] })"
SIZE_AND_COLOUR = (
    "axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast', 'target-size', "
    "'link-in-text-block', 'scrollable-region-focusable', 'avoid-inline-spacing', 'meta-viewport'] } })"
)
# By how many pixels the page is wider than its window, and the last thing in it that sticks out.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const over = document.documentElement.scrollWidth - width;
  if (over <= 0) return [];
  const out = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > width + 1);
  return [`${over} pixels wider than ${width}: ${out.length ? out.at(-1).outerHTML.slice(0, 120) : ''}`];
}"""


def a_window(a_person, client=None):
    """Somebody at a window in which axe-core may run; signed in as in `client`, a test client."""
    person = a_person(bypass_csp=True, reduced_motion="reduce")  # for axe-core alone, which is not the site's
    if client and settings.SESSION_COOKIE_NAME in client.cookies:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        person.page.context.add_cookies([{**cookie, "url": person.address}])
    return person


def violations(page, run):
    """What axe-core finds on the open page, as "rule: element"."""
    found = page.evaluate(run)["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"]]


def wrong_with(person, url):
    """What is wrong with the page at `url`: by every rule in light at 1440 pixels; in dark at 390 by those that size
    and colours could break; and at 320 whether it is wider than its window.
    """
    page = person.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    person.go(url)
    page.evaluate(AXE)
    wrong = violations(page, ALL_RULES)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    wrong += violations(page, SIZE_AND_COLOUR)
    page.set_viewport_size({"width": 320, "height": 700})
    return sorted({*wrong, *page.evaluate(TOO_WIDE)})
