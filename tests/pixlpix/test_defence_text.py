"""Whatever people write stays text on every page: in each text column there is markup, and no page makes elements of it."""

import json
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from community.models import Announcement
from tests.browser.test_accessible_console import console_pages
from tests.factories import a_member, a_staff_member
from tests.pages import Page
from tests.people_world import signed_in
from tests.pixlpix.test_every_page import World, pages_of

pytestmark = pytest.mark.django_db

ATTACK = "<x-people onx=1>\"' onx=1 {{ 7 }}</title></textarea></script>"
# Not people's words: keys, addresses, hashes, states, numbers of settings. And `TRUSTED`, what staff write as HTML, which
# Wagtail cleans. A new column is attacked until it is named here.
STRUCTURE = {
    "key", "token", "token_sha256", "text_sha256", "sha256", "short_id", "slug", "gallery_slug", "prefix", "names",
    "name_token", "mime", "likeness", "file_hash", "filter_spec", "focal_point_key", "public_name", "session_key",
    "file", "tokens", "skeleton", "username", "password", "email", "mail_key", "notification_choices", "time_zone",
    "colours", "path", "parts", "act", "avatar_small", "avatar_large", "kind", "role", "url", "changed", "frozen",
    "about", "body", "details", "name_taken_down", "link", "action", "source", "lang", "rule", "hidden_words",
}  # fmt: skip
STRUCTURED_NAMES = {"LedgerEntry.name", "Hashtag.name", "Mention.name", "DecisionTemplate.name"}
TRUSTED = {
    "PolicyVersion.text", "PolicyVersion.summary", "PolicyVersion.title", "HomePage.intro", "PromptPage.text",
    "DecisionTemplate.text",
}  # fmt: skip


def peoples_columns():
    """(model, field) of each column in which people's words are kept."""
    for label in ("community", "gallery", "home", "search"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.local_fields:
                full = f"{model.__name__}.{field.name}"
                words = isinstance(field, (models.CharField, models.TextField)) and not field.choices
                if words and field.name not in STRUCTURE and full not in STRUCTURED_NAMES | TRUSTED:
                    yield model, field


def attack():
    """Write ATTACK into every such column of every row, past all that actions clean; returns the columns."""
    written = []
    for model, field in peoples_columns():
        if model._base_manager.update(**{field.name: ATTACK[: field.max_length or None]}):
            written.append(f"{model.__name__}.{field.name}")
    return written


def elements_of(page):
    """Elements and attributes that can only have come from what people wrote."""
    return [(tag, a) for tag, a in page.elements if tag == "x-people" or "onx" in a]


def test_no_page_of_the_site_or_of_the_console_makes_elements_of_what_people_wrote(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    world = World()
    Announcement.objects.create(text="x")
    console = [reverse(name, args=args) for name, args in console_pages(world).items()]
    public = [(who, url) for who, url in pages_of(world) if who in (None, world.ana)]
    columns = attack()
    assert len(columns) > 25, columns
    clients = {None: Client(), world.ana: signed_in(world.ana)}
    pages = [(url, clients[who].get(url)) for who, url in public]
    staff = signed_in(a_staff_member("Administrators", "adm"))
    pages += [(url, staff.get(url)) for url in console]
    shown, found = 0, {}
    for url, response in pages:
        if response.status_code in (301, 302) or not response["Content-Type"].startswith("text/html"):
            continue
        source = response.content.decode()
        shown += "x-people" in source
        if wrong := elements_of(Page(source)):
            found[url] = wrong
    assert shown > 60
    assert found == {}


def test_feeds_and_programs_get_text_too():
    world = World()
    attack()
    client = Client()
    for url in ("/feeds/members/ana/rss/", "/feeds/members/ana/atom/"):
        feed = ElementTree.fromstring(client.get(url).content)  # raises where markup broke it open
        # What readers take for HTML: in RSS titles too, of which Atom says that they are text.
        taken = {"description", "summary", "content", *(["title"] if "/rss/" in url else [])}
        html = [one.text or "" for one in feed.iter() if one.tag.rpartition("}")[2] in taken]
        assert any("x-people" in text for text in html)
        assert [found for text in html if (found := elements_of(Page(text)))] == []
        assert not [one.tag for one in feed.iter() if "x-people" in one.tag]
    answer = client.get(f"/api/v1/posts/{world.post.short_id}")
    assert answer["Content-Type"].startswith("application/json") and json.loads(answer.content)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)", "vbscript:x"])
def test_a_link_in_a_profile_leads_by_http_alone(url):
    ana = signed_in(a_member("ana"))
    ana.post("/settings/", {"name": "Ana", "link": url})
    hrefs = [a.get("href", "") for tag, a in Page(ana.get("/members/ana/").content.decode()).elements if tag == "a"]
    assert not [href for href in hrefs if "alert" in href or href.startswith(("data:", "vbscript:"))]
