"""What must hold on every page, asked of each page that the site can render, as each kind of person who can see it.

`test_every_address_of_ours_is_walked` fails when an address is added and not walked here.
"""

import re
from datetime import UTC, datetime

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse
from wagtail.admin import urls as wagtailadmin_urls

from community.actions.add_comment import add_comment
from community.actions.answer_gallery_invitation import join_gallery
from community.actions.answer_reports import answer_reports
from community.actions.block import block
from community.actions.edit_profile import edit_profile
from community.actions.follow import follow
from community.actions.gallery_entries import add_to_gallery
from community.actions.invite_contributor import invite_contributor
from community.actions.like_post import like_post
from community.actions.mute import mute
from community.actions.pin_post import pin_post
from community.actions.save_post import save_post
from community.actions.set_privacy import set_privacy
from community.actions.suggest_alt_text import suggest_alt_text
from community.answering import path_of
from community.mailing import unsubscribe_link
from community.models.notifications import Kind
from community.notifying import notify
from community.saving import list_named
from gallery.actions.add_photo import add_photo
from gallery.actions.create_draft import create_draft
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.edit_post import edit_post
from gallery.actions.move_post import move_post
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.keyset import encode
from gallery.models import Photo, PostPage
from gallery.states import ProcessingState
from home.actions.pick_post import pick_post
from tests.bell_world import comments
from tests.cases_world import a_report
from tests.factories import a_gallery, a_member, a_policy, a_post, a_staff_member, an_original
from tests.galleries_world import a_prompt
from tests.pages import MARK, Page
from tests.pixlpix.defence import wrong_headers
from tests.visiting import media_host

pytestmark = pytest.mark.django_db

# Markup, two directions, and a word that fits no line of a phone.
HOSTILE = f"{MARK} <x-people>שלום</x-people> {'w' * 40}"
# Addresses that answer no page of their own, and where else they are tested.
NO_PAGE = {
    "admin_login", "admin_logout", "admin_password_reset", "page_login", "wagtailcore_login",  # lead on: test_doors
    "healthz", "readyz", "metrics", "robots", "security_txt", "sitemap", "sitemap_section", "vault_file",  # text, XML and files
    "permalink", "wagtailcore_authenticate_with_password", "account_set_password",  # lead on, or to nothing
    "account_confirm_login_code",  # signing in by code is off
    "export_file", "download_photo",
    "search_suggestions",  # a part of the header: test_tabs
    "name_device", "end_device",  # lead on: test_devices
    "admin_account",  # the page is Wagtail's: test_library_decoders
    "admin_site_history",  # likewise: test_own_cases
    "admin_site_history_results",
    "admin_page_types",  # nothing: test_editorial_panel
    "uploads", "upload",  # words for a program: test_uploads
    "member_feed", "gallery_feed", "hashtag_feed", "prompt_feed", "picks_feed",  # XML: test_syndication
    "oembed", "tdm_reservation",  # words for programs: test_oembed, test_sitemap
    "like_comment", "unlike_comment", "follow_hashtag", "unfollow_hashtag",  # lead on: test_conversation, test_hashtags
    "home_new",  # nothing, or a part: test_home_feed
    "like", "pin", "answer_suggestion",  # lead back to the post: test_likes, test_pins, test_suggestions
    "pick_post",  # likewise: test_picking
    "notification", "read_notifications",  # lead on: test_notifications_page
    "dismiss_announcement",  # leads back: test_announcements
    "start_draft", "photos", "order_photos", "retry_photo",  # answer scripts: test_photos
    # Do something and lead back: test_follow, test_block_and_mute
    "follow", "unfollow", "remove_follower", "mute", "unmute", "unblock", "accept_request", "decline_request",
    "order_galleries", "gallery_answer",  # lead back: test_gallery_settings, test_shared_galleries_pages
}  # fmt: skip

# Most of them ask for the password once more: test_two_factor draws them.
SECOND_FACTOR = (
    "authenticate/", "reauthenticate/", "totp/activate/", "totp/deactivate/", "recovery-codes/",
    "recovery-codes/generate/", "recovery-codes/download/", "webauthn/", "webauthn/add/", "webauthn/login/",
    "webauthn/reauthenticate/", "webauthn/keys/1/edit/", "webauthn/keys/1/remove/",
)  # fmt: skip


class World:
    """One post of each kind, and one person of each; all that people wrote in it is HOSTILE."""

    def __init__(self):
        self.ana = a_member("ana", name=HOSTILE[:60])
        self.milo = a_member("milo")
        self.unverified = a_member("bert", verified=False)
        self.moderator = a_staff_member("Moderators", "mod")
        self.curator = a_staff_member("Curators", "cur")
        words = {"caption": HOSTILE, "alt_text": HOSTILE}
        self.gallery = a_gallery(self.ana, HOSTILE, description=HOSTILE)
        self.post = a_post(self.ana, gallery=self.gallery, **words)
        self.moved = a_post(self.ana, **words)
        self.former = self.moved.address()
        self.moved = move_post(self.moved, self.gallery, by=self.ana)
        self.withdrawn = a_post(self.ana, **words)
        withdraw_post(self.withdrawn, by=self.ana)
        lost = a_gallery(self.ana, "Lost " + MARK)
        self.stranded = a_post(self.ana, gallery=lost, **words)
        delete_gallery(lost, by=self.ana)
        self.taken_down = a_post(self.ana, **words)
        a_report(self.taken_down, category="copyright")
        take_down_post(self.taken_down, by=self.moderator, reason=HOSTILE)
        self.decided = self.ana.decisions.get()
        self.draft = create_draft(self.ana, gallery=self.gallery)
        add_photo(self.draft, an_original(by=self.ana), by=self.ana, alt_text=HOSTILE)
        self.draft = edit_post(self.draft, by=self.ana, caption=HOSTILE, sensitive=True, sensitive_reason=HOSTILE)
        self.sensitive = a_post(self.ana, gallery=self.gallery, photos=2, **words)
        edit_post(self.sensitive, by=self.ana, sensitive=True, sensitive_reason=HOSTILE, allow_download=True)
        self.failed = self.in_state(ProcessingState.FAILED, words)
        self.pending = self.in_state(ProcessingState.PENDING, words)
        pick_post(self.post, by=self.curator)
        like_post(self.post, by=self.ana)
        pin_post(self.post, by=self.ana)
        self.saved = list_named(self.ana, HOSTILE[:80])
        save_post(self.post, by=self.ana, save_list=self.saved)
        self.undescribed = a_post(self.milo, caption=HOSTILE, alt_text="")
        suggest_alt_text(self.undescribed.photos.get(), by=self.ana, text=HOSTILE)
        self.reported = a_report(self.undescribed, by=self.ana, text=HOSTILE)
        self.told = a_report(self.undescribed, email="vera@example.org", text=HOSTILE)
        answer_reports(self.told.case, HOSTILE)
        self.know_each_other()
        self.share_galleries()

    def know_each_other(self):
        edit_profile(self.ana, biography=HOSTILE, pronouns=MARK, link="https://example.org/")
        follow(self.milo, self.ana)
        follow(self.ana, self.milo)
        mute(self.ana, self.curator)
        block(self.ana, a_member("otto", name=HOSTILE[:60]))
        set_privacy(self.ana, is_private=True, featurable=True)
        follow(a_member("nora", name=HOSTILE[:60]), self.ana)
        notify(Kind.FOLLOW, self.ana, actor=a_member(name=HOSTILE[:60]))
        comments(self.milo, self.post, text=HOSTILE)
        self.said = add_comment(self.post, HOSTILE, by=self.ana)
        self.answer = add_comment(self.post, HOSTILE, by=self.milo, reply_to=self.said)
        a_post(self.milo, caption=f"#walked {HOSTILE}")

    def share_galleries(self):
        self.shared = a_gallery(self.milo, HOSTILE, description=HOSTILE)
        for gallery, owner, other in ((self.shared, self.milo, self.ana), (self.gallery, self.ana, self.milo)):
            invite_contributor(gallery, other, by=owner)
            join_gallery(gallery, by=other)
        add_to_gallery(self.post, self.shared, by=self.ana)
        self.prompt = a_prompt("Doors")

    def in_state(self, state, words):
        post = a_post(self.ana, gallery=self.gallery, **words)
        Photo.objects.filter(post=post).update(state=state, failure="The file breaks off." * (state == "failed"))
        PostPage.objects.filter(pk=post.pk).update(photos_ready=False)
        for photo in post.photos.all():
            photo.picture.renditions.all().delete()
        return post


def pages_of(world):
    """(who, address) of every page, `who` being None for a visitor."""
    ana, gallery, posts = world.ana, world.gallery, ("post", "withdrawn", "taken_down", "failed", "pending", "stranded")
    everyone = [
        "/", "/members/", "/members/ana/", gallery.address(), world.post.address(), world.moved.address(),
        "/prompts/", world.prompt.address(),
        "/explore/", "/picks/", "/explore/?after=9-9",
        "/search/", "/search/?q=" + MARK, "/search/?q=nothingofthesort",
        "/search/?q=@ana", "/search/?in=hashtags&q=" + MARK, "/share/", "/policy/", "/policy/1/",
        "/transparency/",
        "/contact/", "/legal-notice/", "/nothing/here/", world.former, world.withdrawn.address(), world.taken_down.address(),
        unsubscribe_link(ana, "like").partition("8000")[2],
        world.pending.address(), world.sensitive.address(), f"{world.sensitive.address()}?show=1", "/dev/mail/latest/",
        reverse("likes", args=[world.post.short_id]), world.undescribed.address(),
    ]  # fmt: skip
    everyone += ["/members/ana/followers/", "/members/ana/following/", "/tags/", "/tags/walked/"]
    everyone += [reverse("comments", args=[world.post.short_id])]
    everyone += ["/copyright/", "/copyright/notice/", reverse("report_post", args=[world.undescribed.short_id])]
    everyone += [reverse("report_comment", args=[world.answer.key]), reverse("report_member", args=["nora"])]
    everyone += [path_of(world.told)]
    everyone += [reverse("comment", args=[world.post.short_id, said.key]) for said in (world.said, world.answer)]
    outside = [
        "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/", "/accounts/confirm-email/", "/accounts/confirm-email/x:y/",
        "/accounts/inactive/", "/accounts/invitation/x/", "/accounts/left/", "/accounts/password/reset/key/1-x-y/",
        f"/accounts/password/reset/key/{user_pk_to_url_str(ana)}-{default_token_generator.make_token(ana)}/",
    ]  # fmt: skip
    own = [
        "/home/", "/home/?after=x", f"/home/?after={encode(datetime(2020, 1, 1, tzinfo=UTC), '')}",
        "/settings/", "/settings/export/", "/settings/leave/", "/settings/deleted/", "/settings/galleries/",
        "/settings/picture/", "/notifications/", "/settings/notifications/",
        "/settings/galleries/new/", reverse("edit_gallery", args=[gallery.gallery_slug]),
        reverse("delete_gallery", args=[gallery.gallery_slug]),
        reverse("order_posts", args=[gallery.gallery_slug]), reverse("gallery_cover", args=[gallery.gallery_slug]),
        reverse("gallery_people", args=[gallery.gallery_slug]),
        reverse("enter_prompt", args=[world.prompt.slug]),
        reverse("gallery_add", args=["milo", world.shared.gallery_slug]),
        "/accounts/email/", "/accounts/password/change/",
        "/accounts/logout/", "/accounts/reauthenticate/", "/accounts/policy/", "/accounts/policy/declined/",
        "/accounts/suspended/",
        *(getattr(world, name).address() for name in posts),
        *(reverse("edit_post", args=[getattr(world, name).short_id]) for name in posts),
        reverse("withdraw_post", args=[world.post.short_id]),
        reverse("counter_notice", args=[world.taken_down.short_id]), f"/reports/{world.reported.key}/",
        reverse("undo_withdrawal", args=[world.withdrawn.short_id]),
        reverse("undo_withdrawal", args=[world.stranded.short_id]),
        reverse("replace_photo", args=[world.failed.short_id]),
        *(reverse(name, args=[world.draft.short_id]) for name in ("draft", "discard_draft")),
        *(
            reverse(name, args=[post.short_id, post.photos.get().key])
            for name in ("take_out_photo", "replace_one")
            for post in (world.post, world.failed)
        ),
        reverse("discard_post", args=[world.failed.short_id]),
        reverse("suggest", args=[world.undescribed.short_id, world.undescribed.photos.get().key]),
        "/saved/", reverse("saved_list", args=[world.saved.key]), reverse("save", args=[world.post.short_id]),
    ]  # fmt: skip
    own += [
        "/settings/privacy/",
        "/settings/requests/",
        "/members/milo/block/",
        "/settings/words/",
        "/settings/hashtags/",
        "/settings/decisions/",
        f"/settings/decisions/{world.decided.key}/appeal/",
    ]
    talk = [(name, world.said.key) for name in ("edit_comment", "remove_comment")] + [("reply", world.answer.key)]
    own += [reverse(name, args=[world.post.short_id, key]) for name, key in talk]
    own += [
        "/settings/username/",
        "/settings/devices/",
        "/settings/reports/",
        "/accounts/come-back/",
        "/accounts/2fa/",
        *(f"/accounts/2fa/{page}" for page in SECOND_FACTOR),
    ]
    yield from ((None, url) for url in everyone + outside)
    yield from ((ana, url) for url in everyone + own)
    yield from ((world.milo, url) for url in everyone)
    yield from ((world.moderator, url) for url in everyone)
    yield from ((world.unverified, url) for url in ("/share/", "/members/bert/", "/"))


def drawn(world):
    """(who, address, response) of every address that answers a page; redirects that lead to another are left out."""
    clients = {}
    for who, url in pages_of(world):
        if who not in clients:
            clients[who] = Client(raise_request_exception=True)
            if who:
                clients[who].force_login(who)
        response = clients[who].get(url)
        if response.status_code not in (301, 302):
            yield who, url, response
    asked = Client()
    a_policy("<p>Something new.</p>")
    cache.clear()
    asked.force_login(world.milo)
    for url in ("/accounts/policy/", "/accounts/policy/declined/", "/settings/export/", "/settings/leave/"):
        yield "asked again", url, asked.get(url)
    suspended = Client()
    type(world.milo).objects.filter(pk=world.milo.pk).update(standing="suspended", standing_reason=HOSTILE)
    suspended.force_login(world.milo)
    yield "suspended", "/accounts/suspended/", suspended.get("/accounts/suspended/")


@pytest.fixture
def pages(db, seen=[]):  # noqa: B006 (drawn once, by whichever test comes first: only read from then on)
    """[(who, address, response, Page)], at least sixty of them."""
    if not seen:
        seen += [
            (str(who), url, response, Page(response.content.decode()))
            for who, url, response in drawn(World())
            if response["Content-Type"].startswith("text/html")
        ]
    assert len(seen) > 60
    return seen


def failures(pages, wrong):
    """Who sees which page at which status, with what `wrong(response, page)` says is wrong there."""
    return [(who, url, r.status_code, bad) for who, url, r, page in pages if (bad := wrong(r, page))]


def test_no_page_breaks_and_each_holds_what_every_page_must(pages):
    def search_field(response, page):
        forms = [a for tag, a in page.elements if tag == "form" and a.get("role") == "search"]
        fields = [a for tag, a in page.elements if tag == "input" and a.get("name") == "q"]
        return not (forms and forms[0].get("action") == "/search/" and fields) and "no search field"

    assert failures(pages, lambda r, page: r.status_code >= 500) == []
    assert failures(pages, lambda r, page: wrong_headers(r)) == []
    assert failures(pages, lambda r, page: page.inline) == []
    assert failures(pages, search_field) == []
    assert failures(pages, foreign) == []
    assert (
        failures(pages, lambda r, page: not re.fullmatch(r"\S.* · PixlPix|PixlPix.*", page.title) and page.title) == []
    )


def foreign(response, page):
    """What a page would fetch or send elsewhere by itself: neither to the site nor to its media host."""
    loads = []
    for tag, a in page.elements:
        loads += [a[name] for name in ("src", "poster", "data", "action", "hx-get", "hx-post") if name in a]
        loads += [part.split()[0] for part in a.get("srcset", "").split(",") if part.strip()]
        if tag == "link" and a.get("rel") not in ("canonical", "alternate"):
            loads.append(a["href"])
    elsewhere = [url for url in loads if re.match(r"(?!data:)[a-z]+:|//", url)]
    return [url for url in elsewhere if not url.startswith(media_host())]


def test_what_people_write_is_text_and_runs_in_its_own_direction_on_every_page(pages):
    assert sum(MARK in r.content.decode() for _who, _url, r, _page in pages) > 20
    assert failures(pages, lambda r, page: [tag for tag, _a in page.elements if tag == "x-people"]) == []
    assert failures(pages, lambda r, page: page.astray) == []


def test_pages_that_differ_have_titles_that_differ(pages):
    titles = {}
    for who, url, response, page in pages:
        own = "/members/ana/" in url or url.startswith(("/p/", "/policy/1/"))  # posts of one caption; the same text
        if who == "ana" and response.status_code == 200 and not own:
            titles.setdefault(page.title, set()).add(url.partition("?")[0])
    assert {title: urls for title, urls in titles.items() if len(urls) > 1} == {}


def test_errors_are_answered_by_pages_of_ours(pages):
    kinds = {r.status_code for _who, _url, r, _page in pages}
    assert kinds >= {200, 404, 410}
    assert (
        failures(pages, lambda r, page: r.status_code >= 400 and '<header class="bar"' not in r.content.decode()) == []
    )


def test_refusal_is_answered_by_a_page_of_ours(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionDenied

    monkeypatch.setattr("community.views.members.lists.newest_members", refuse)
    response = client.get("/members/")
    page = Page(response.content.decode())
    assert (response.status_code, page.inline) == (403, [])
    assert "header" in [tag for tag, _a in page.elements] and "PixlPix" in page.title


def test_breakdown_is_answered_by_a_page_of_ours(client, monkeypatch):
    monkeypatch.setattr("community.views.members.lists.newest_members", lambda *args: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/members/")
    page = Page(response.content.decode())
    assert (response.status_code, page.inline, page.title) == (500, [], "Something broke · PixlPix")
    assert "Content-Security-Policy" in response
    assert "form" not in [tag for tag, _a in page.elements]  # nothing to fill in: what answers it may be broken


def names_of(resolver):
    """The names of all addresses but the console's and the API's (test_api)."""
    for part in resolver.url_patterns:
        if not hasattr(part, "url_patterns"):
            yield part.name
        elif part.urlconf_name is not wagtailadmin_urls and getattr(part, "namespace", None) != "api":
            yield from names_of(part)


def test_every_address_of_ours_is_walked():
    walked = set()
    for _who, url in pages_of(World()):
        try:
            walked.add(resolve(url.partition("?")[0]).url_name)
        except Resolver404:
            continue
    assert {name for name in names_of(get_resolver()) if name} - walked - NO_PAGE == set()
