"""RSS and Atom: what visitors may see, whole and well-formed, and gone as soon as it is hidden."""

from xml.etree import ElementTree

import pytest

from community.models import PromptEntry, PromptPage, PromptsPage
from gallery.actions.withdraw_post import withdraw_post
from gallery.cards import preview
from gallery.models import GalleryEntry, GalleryPage, PostPage
from gallery.states import Visibility
from home.actions.pick_post import pick_post
from home.models import HomePage
from tests.factories import a_gallery, a_member, a_post, a_staff_member, an_original, first_gallery
from tests.feeds_world import tagged

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def ana():
    return a_member("ana", name="Ana <b>Duarte</b>")


@pytest.fixture
def prompt():
    home = HomePage.objects.get()
    prompts = PromptsPage.objects.first() or home.add_child(instance=PromptsPage(title="Prompts", slug="prompts"))
    return prompts.add_child(
        instance=PromptPage(title="Blue", slug="blue", starts_at="2026-11-01T00:00Z", ends_at="2026-12-01T00:00Z")
    )


def read(client, url, **headers):
    """The links of the entries of one feed, whichever kind it is."""
    response = client.get(url, headers=headers)
    assert response.status_code == 200, url
    root = ElementTree.fromstring(response.content)
    if root.tag == "rss":
        return [item.findtext("link") for item in root.iter("item")]
    return [entry.find(f"{ATOM}link[@rel='alternate']").get("href") for entry in root.iter(f"{ATOM}entry")]


def addresses(*posts):
    from django.conf import settings

    return [settings.SITE_URL + post.address() for post in posts]


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_each_feed_holds_what_is_of_it_newest_first(client, ana, prompt, kind):
    original = an_original(by=ana)
    iceland = a_gallery(ana, "Iceland")
    first = a_post(ana, original=original)
    second = tagged(a_post(ana, gallery=iceland, original=original), "blue_hour")
    third = a_post(original=original)
    curator = a_staff_member("Curators")
    pick_post(first, by=curator)
    PromptEntry.objects.create(prompt=prompt, post=third)
    assert read(client, f"/feeds/members/ana/{kind}/") == addresses(second, first)
    assert read(client, f"/feeds/galleries/ana/{iceland.gallery_slug}/{kind}/") == addresses(second)
    assert read(client, f"/feeds/tags/blue_hour/{kind}/") == addresses(second)
    assert read(client, f"/feeds/prompts/blue/{kind}/") == addresses(third)
    assert read(client, f"/feeds/picks/{kind}/") == addresses(first)


def test_a_shared_gallery_holds_its_contributors_posts_too(client, ana):
    gallery, own = first_gallery(ana), a_post(ana)
    theirs = a_post()
    at = theirs.published_at
    GalleryEntry.objects.create(gallery=gallery, post=theirs, added_by=theirs.author, published_at=at)
    assert read(client, f"/feeds/galleries/ana/{gallery.gallery_slug}/atom/") == addresses(theirs, own)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_an_entry_has_a_picture_with_its_description_its_author_and_its_licence(client, ana, kind):
    post = a_post(ana, caption="Boats & <i>gulls</i>", alt_text='A "red" boat')
    PostPage.objects.filter(pk=post.pk).update(licence="by")
    source = client.get(f"/feeds/members/ana/{kind}/").content.decode()
    root = ElementTree.fromstring(source)
    if kind == "rss":
        (entry,) = root.iter("item")
        assert entry.find("enclosure") is None  # it would have to say how many bytes
        enclosure = entry.find("{http://search.yahoo.com/mrss/}content")
        assert (enclosure.get("medium"), enclosure.get("width")) == ("image", str(preview(post.cover).width))
        words, title, author = entry.findtext("description"), entry.findtext("title"), entry.findtext("{*}creator")
        assert title == "Boats &amp; &lt;i&gt;gulls&lt;/i&gt;"  # taken for HTML by readers
    else:
        (entry,) = root.iter(f"{ATOM}entry")
        enclosure = entry.find(f"{ATOM}link[@rel='enclosure']")
        words, author = entry.findtext(f"{ATOM}summary"), entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.findtext(f"{ATOM}title") == "Boats & <i>gulls</i>"
    image = enclosure.get("url", enclosure.get("href"))
    assert not enclosure.get("length")  # of bytes, which nobody has counted
    assert enclosure.get("type") == "image/jpeg" and client.get(image.removeprefix("http://localhost:8000")).status_code
    assert 'alt="A &quot;red&quot; boat"' in words and "Boats &amp; &lt;i&gt;gulls&lt;/i&gt;" in words
    assert author == "Ana <b>Duarte</b>" and "<b>" not in words
    assert entry.find(f"{ATOM}link[@rel='license']").get("href") == "https://creativecommons.org/licenses/by/4.0/"


def test_a_sensitive_picture_stays_blurred_and_undescribed(client, ana):
    from gallery.cards import blurred, clear

    post = a_post(ana, alt_text="What is not to be told")
    PostPage.objects.filter(pk=post.pk).update(sensitive=True)
    post = PostPage.objects.for_cards().get(pk=post.pk)
    body = client.get("/feeds/members/ana/rss/").content.decode()
    assert blurred(post.cover).src in body
    assert clear(post.cover).fallback not in body and "not to be told" not in body


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_what_xml_cannot_hold_is_left_out(client, ana, kind):
    post = a_post(ana)
    PostPage.objects.filter(pk=post.pk).update(caption="Bo\x08ats\x0b \ufffe\x1f", title="Bo\x0cats")
    type(ana).objects.filter(pk=ana.pk).update(name="An\x01a")
    assert read(client, f"/feeds/members/ana/{kind}/") == addresses(post)
    assert "Boats" in client.get(f"/feeds/members/ana/{kind}/").content.decode()


@pytest.mark.parametrize("column", [{"effective_visibility": Visibility.UNLISTED}, {"team_state": "held"}])
def test_what_is_narrowed_or_held_is_out_at_once_also_for_who_asks_by_etag(client, ana, column):
    post = a_post(ana)
    url = "/feeds/members/ana/atom/"
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    PostPage.objects.filter(pk=post.pk).update(**column)
    assert read(client, url, **{"If-None-Match": etag}) == []


def test_a_feed_says_how_long_it_is_fresh_and_nobody_in_between_keeps_it(client, ana):
    response = client.get("/feeds/members/ana/rss/")
    assert response["Cache-Control"] == "private, max-age=300"
    assert "Last-Modified" not in response
    assert client.get("/feeds/members/ana/rss/")["ETag"] == response["ETag"]


def test_followers_only_posts_are_in_no_feed_whoever_asks(client, ana):
    PostPage.objects.filter(pk=a_post(ana).pk).update(effective_visibility=Visibility.FOLLOWERS)
    client.force_login(ana)
    assert read(client, "/feeds/members/ana/rss/") == []


@pytest.mark.parametrize("hide", ["unlisted", "suspended", "kind", "nothing"])
def test_what_visitors_may_not_see_has_no_feed(client, ana, hide):
    gallery = first_gallery(ana)
    urls = [f"/feeds/galleries/ana/{gallery.gallery_slug}/rss/"]
    if hide == "unlisted":
        GalleryPage.objects.filter(pk=gallery.pk).update(visibility=Visibility.UNLISTED)
    elif hide == "suspended":
        type(ana).objects.filter(pk=ana.pk).update(standing="suspended")
        urls.append("/feeds/members/ana/rss/")
    elif hide == "kind":
        urls = [urls[0].replace("/rss/", "/json/"), "/feeds/picks/x/"]
    else:
        urls = [
            "/feeds/members/nobody/rss/",
            "/feeds/tags/nothing/rss/",
            "/feeds/prompts/x/rss/",
            "/feeds/tags/%00/rss/",
        ]
    assert [client.get(url).status_code for url in urls] == [404] * len(urls)


def test_pages_lead_to_their_feeds(client, ana, prompt):
    gallery = first_gallery(ana)
    tagged(a_post(ana), "dawn")
    for url, feed in (("/tags/dawn/", "tags/dawn"), (prompt.address(), "prompts/blue")):
        page = client.get(url).content.decode()
        assert all(f'href="/feeds/{feed}/{kind}/"' in page for kind in ("rss", "atom"))
    assert 'href="/feeds/members/ana/atom/"' in client.get("/members/ana/").content.decode()
    feed = f"/feeds/galleries/ana/{gallery.gallery_slug}/rss/"
    assert f'href="{feed}"' in client.get(gallery.address()).content.decode()
    assert 'href="/feeds/picks/rss/"' in client.get("/picks/").content.decode()


def test_a_feed_costs_a_visitor_few_queries(client, ana, django_assert_max_num_queries):
    original = an_original(by=ana)
    for _ in range(4):
        post = a_post(ana, original=original)
    withdraw_post(post, by=ana)
    with django_assert_max_num_queries(5):
        assert len(read(client, "/feeds/members/ana/rss/")) == 3
