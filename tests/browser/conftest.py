"""Real Chromium against a real server. Each person is a browser context of their own."""

import os
import shutil

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.waiting import PATIENCE, until
from tests.visiting import media_host

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def pytest_collection_modifyitems(config, items):
    """Everything here is a browser test."""
    for item in items:
        if "tests/browser/" in str(item.path).replace(os.sep, "/"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One browser process for all tests; where there is none, CI fails and a newcomer's run says so."""
    if not CHROMIUM:
        if os.environ.get("CI") == "true":
            pytest.fail("No Chromium on this machine: install it (apt-get install chromium) or set CHROMIUM.")
        pytest.skip("no Chromium on this machine: browser tests left out")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    # Playwright runs an event loop in this thread, which makes Django refuse the database; nothing here is async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Person:
    """Somebody at a window: a page of their own, at the site's address."""

    def __init__(self, context, address):
        self.page = context.new_page()
        self.address = address
        self.elsewhere = []
        self.complaints = []
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_console)

    def _note_request(self, request):
        if not request.url.startswith((self.address, media_host(), "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _note_console(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def go(self, path):
        """Open a path of the site; returns the response."""
        return self.page.goto(f"{self.address}{path}")

    def press(self, name):
        """Press the button called `name` in the page's main part, and wait for the page that answers."""
        self.follow(self.page.get_by_role("main").get_by_role("button", name=name))

    def follow(self, link):
        """Click a link or button that leads to another page, and wait for that page with its scripts."""
        with self.page.expect_navigation():
            link.click()

    def turn(self, key):
        """Press a key that leads to another page, and wait for that page with its scripts."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def ask(self, act, *args):
        """Do what has htmx ask for a part of the page (`act`, like a button's click), and wait until that part works:
        what htmx has put in answers to presses only once it has settled."""
        self.page.evaluate(
            """() => {
                window.settled = new Promise((done) => {
                    document.addEventListener("htmx:afterSettle", () => done(true), { once: true });
                });
            }"""
        )
        act(*args)
        assert self.page.evaluate("() => window.settled")

    def signed_in_as(self, user):
        """The same person with `user` signed in, without the way through the form."""
        client = Client()
        client.force_login(user)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        self.page.context.add_cookies([{**cookie, "url": self.address}])
        return self

    def until(self, wanted):
        """Let the page go on until `wanted()` is true."""
        until(self.page, wanted)


@pytest.fixture
def a_person(chromium, live_server):
    """Call it for another person at another window. At the end, nobody's page may have asked a third party."""
    people, contexts = [], []

    def open_window(width=1440, height=900, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        people.append(Person(context, live_server.url))
        return people[-1]

    yield open_window
    for context in contexts:
        context.close()
    assert [url for person in people for url in person.elsewhere] == []
