"""What strangers send: forged forms, other people's keys, addresses that lead away, paths that climb."""

from urllib.parse import urlencode

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse

from community.models import Comment, Decision, Device, Notification, Profile, Report, SaveList, User
from gallery.models import GalleryPage, Photo, PostPage
from tests.factories import a_member, a_post, a_staff_member
from tests.people_world import signed_in
from tests.pixlpix.defence import addresses
from tests.pixlpix.test_every_page import World, pages_of

pytestmark = pytest.mark.django_db

EVIL = ["https://evil.example/", "/\\evil.example"]
# Ask for no token, on purpose: links in mails are answered by mail programs, by one press (RFC 8058); probes read no form.
WITHOUT_TOKEN = {"unsubscribe", "healthz", "readyz", "metrics"}
NOTHING_THERE = (
    "/admin/api/main/images/",
    "/admin/api/main/documents/",
)  # Wagtail's, which are closed: 404 to everybody
FORM = {
    "act": "remove", "caption": "Mine now", "text": "Mine now", "name": "Mine now", "alt_text": "Mine now", "do": "publish",
    "like": "0", "pin": "0", "order": "1", "decision": "back", "username": "ana", "gallery": "iceland", "confirm": "on",
    "next": "//evil.example/", "visibility": "public", "reason": "A reason.", "password": "x", "answer": "accept",
}  # fmt: skip


@pytest.mark.parametrize("headers", [{"HX-Request": "true", "X-CSRFToken": "x" * 32}, {"Tus-Resumable": "1.0.0"}])
def test_no_address_takes_a_form_without_its_token_nor_from_htmx(headers):
    """Before the view looks at anything, staff's as well; the API takes no forms at all."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_staff_member("Administrators"))
    took = {}
    for path, part in addresses():
        if part.name in WITHOUT_TOKEN or path.startswith(("/api/", *NOTHING_THERE)):
            continue
        response = client.post(path, FORM, headers=headers)
        without_slash = response.status_code == 301 and response["Location"] == f"{path}/"
        if response.status_code not in (403, 405) and not without_slash:
            took[path] = response.status_code
    assert took == {}


def anas(ana, told):
    """All rows of what is ana's, to compare; of what she is told, those rows, as a comment on her post adds to them."""
    kept = [
        *User.objects.filter(pk=ana.pk).values(),
        *Profile.objects.filter(user=ana).values(),
        *PostPage.objects.filter(author=ana).order_by("pk").values(),
        *GalleryPage.objects.filter(author=ana).order_by("pk").values(),
        *Photo.objects.filter(post__author=ana).order_by("pk").values(),
        *Comment.objects.filter(author=ana).order_by("pk").values(),
        *SaveList.objects.filter(user=ana).order_by("pk").values(),
        *Decision.objects.filter(member=ana).order_by("pk").values(),
        *Report.objects.filter(reporter=ana).order_by("pk").values(),
        *Device.objects.filter(user=ana).order_by("pk").values(),
        *Notification.objects.filter(recipient=ana, pk__in=told).order_by("pk").values(),
    ]
    return [{name: value for name, value in row.items() if name not in ("seen_on", "last_login")} for row in kept]


def keyed(world):
    """Further addresses that hold a key of something of ana's and answer no page."""
    post, photo = world.post, world.post.photos.get()
    yield from (reverse(name, args=[post.short_id]) for name in ("pin", "photos", "order_photos"))
    yield from (reverse(name, args=[post.short_id, photo.key]) for name in ("retry_photo", "take_out_photo"))
    yield from (reverse(name, args=[world.ana.devices.get().key]) for name in ("name_device", "end_device"))
    yield reverse("order_galleries")


def test_nothing_that_somebody_else_sends_changes_what_is_anas(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    world = World()
    signed_in(world.ana).get("/settings/")
    urls = [url for who, url in pages_of(world) if who == world.ana and not url.startswith("/accounts/")]
    urls += list(keyed(world))
    told = list(Notification.objects.filter(recipient=world.ana).values_list("pk", flat=True))
    before = anas(world.ana, told)
    assert len(before) > 25 and len(urls) > 100
    stranger = signed_in(a_member("stan"))
    for who in (stranger, Client()):
        for url in urls:
            response = who.post(url, FORM)
            assert response.status_code < 500, url
            assert "evil" not in response.get("Location", ""), url
        assert anas(world.ana, told) == before


@pytest.mark.parametrize("target", EVIL)
def test_no_address_leads_away_from_the_site(target, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    ana = signed_in(a_member("ana"))
    led = {}
    for path, _part in addresses():
        if path.startswith(("/api/", "/accounts/logout", "/admin/")) and path != "/admin/login/":
            continue
        response = ana.post(f"{path}?{urlencode({'next': target})}", {"next": target}, headers={"Referer": target})
        where = response.get("Location", "") or response.get("HX-Redirect", "")
        if where and (not where.startswith("/") or where.startswith(("//", "/\\"))):
            led[path] = where
    assert led == {}


# --- Paths and headers --------------------------------------------------------------------------------------------------

CLIMBING = [
    "../db.sqlite3",
    "..%2f..%2fmanage.py",
    "%2e%2e/%2e%2e/.env",
    "....//....//.env",
    "/etc/passwd",
    "a/../../.env",
    "x%00.jpg",
]


@pytest.mark.parametrize("path", CLIMBING)
@pytest.mark.parametrize(
    "root", ["/private/", "/private/derived/", "/media/", "/static/", "/settings/export/", "/uploads/"]
)
def test_no_path_climbs_out_of_where_files_are(root, path):
    response = signed_in(a_member("ana")).get(root + path)
    assert response.status_code in (301, 302, 400, 404, 405, 412)
    if response.status_code in (301, 302):
        assert response["Location"].startswith("/")


def test_no_mail_takes_a_header_from_a_name(mailoutbox):
    from tests.community.joining import join

    join(Client(), name="Ana\r\nBcc: everybody@evil.example", username="anab", email="anab@example.org")
    [mail] = mailoutbox
    assert mail.recipients() == ["anab@example.org"]
    assert "Bcc" not in dict(mail.message().items()) and "\n" not in mail.subject


def test_uploaded_bytes_are_answered_as_a_picture_or_not_at_all():
    """Whatever name or type was declared: the only files that the site hands out are renditions, which it made itself."""
    post = a_post(a_member("ana"))
    renditions = post.photos.get().picture.renditions.all()
    assert renditions and {one.mime.partition("/")[0] for one in renditions} == {"image"}
    assert "svg" not in " ".join(site_settings.WAGTAILIMAGES_EXTENSIONS)
    for one in renditions:
        answer = signed_in(post.author).get(f"/private/{one.file.name}")
        assert answer.status_code == 200 and answer["Content-Type"] == one.mime
        assert answer["X-Content-Type-Options"] == "nosniff"
