"""/notifications/ and the bell: what stands there, what reading does, what it costs."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.bell import A_PAGE, COUNTED, unread_count
from community.models import Follow, Notification, Profile
from community.models.notifications import Kind
from community.notifying import notify
from gallery.actions.edit_post import edit_post
from tests.bell_world import comments, likes
from tests.factories import a_member, a_post, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = a_member("ana", name="Ana")
    client.force_login(ana)
    return ana


@pytest.fixture
def milo():
    return a_member("milo", name="Milo")


@pytest.fixture
def post(ana):
    return a_post(ana, original=an_original())


def page_of(client, url="/notifications/", **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def address(row):
    return f"/notifications/{row.key}/"


def test_a_stranger_is_asked_to_sign_in(client, milo):
    for url in ("/notifications/", address(notify(Kind.FOLLOW, milo, actor=a_member()))):
        assert client.get(url).url.startswith("/accounts/login/")


def test_it_says_who_did_what_with_the_posts_picture_and_leads_there(client, ana, milo, post):
    row = comments(milo, post, text="What a <light>!")
    page = page_of(client)
    assert "<strong><bdi>Milo</bdi></strong> commented on your post." in page
    assert "What a &lt;light&gt;!" in page and 'class="pic"' in page and "Unread:" in page
    assert client.get(address(row)).url == f"/p/{post.short_id}/comments/{row.comment.key}/#c-{row.comment.key}"


def test_nothing_is_quoted_that_hidden_words_fold_away(client, ana, milo, post):
    Profile.objects.filter(user=ana).update(hidden_words="spoiler")
    comments(milo, post, text="A spoiler, and more")
    page = page_of(client)
    assert "commented on your post." in page and "spoiler" not in page


def test_the_picture_of_a_sensitive_post_is_blurred(client, ana, milo, post):
    edit_post(post, by=ana, sensitive=True)
    likes(milo, post)
    picture = post.photos.get().picture
    names = {r.filter_spec: r.public_name for r in picture.renditions.all() if r.public_name}
    page = page_of(client)
    shown = {spec for spec, name in names.items() if name in page}
    assert shown and not any(spec.startswith("width-") for spec in shown)


def test_the_bell_counts_what_is_unread_on_every_page(client, ana, milo, post):
    assert '<span class="bell-count"' not in page_of(client, "/members/")
    comments(milo, post)
    assert "Notifications, 1 unread" in page_of(client, "/members/")
    client.logout()
    assert "/notifications/" not in page_of(client, "/members/")


def test_the_bell_stops_counting_at_99(client, ana, milo):
    Notification.objects.bulk_create(
        Notification(recipient=ana, kind=Kind.FOLLOW, actor=milo) for _ in range(COUNTED + 5)
    )
    assert unread_count(ana) == COUNTED
    assert "Notifications, 99+ unread" in page_of(client, "/members/")


def test_looking_at_the_list_reads_nothing_and_opening_one_reads_that_one(client, ana, milo, post):
    row, _other = notify(Kind.FOLLOW, ana, actor=milo), comments(milo, post)
    page_of(client)
    assert unread_count(ana) == 2
    assert client.get(address(row)).url == "/members/milo/"
    row.refresh_from_db()
    assert row.read_at and unread_count(ana) == 1


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"Sec-Fetch-Dest": "image"}]
)
def test_fetching_ahead_reads_nothing(client, ana, milo, headers):
    row = notify(Kind.FOLLOW, ana, actor=milo)
    assert client.get(address(row), headers=headers).status_code == 302
    assert client.head(address(row)).status_code == 302
    assert unread_count(ana) == 1


def test_opening_a_post_reads_what_one_was_told_about_it_and_nothing_else(client, ana, milo, post):
    comments(milo, post)
    likes(milo, post)
    others = comments(milo, a_post(ana, original=an_original()))
    theirs = Notification.objects.create(recipient=milo, kind=Kind.MENTION, actor=ana, post=post)
    page = page_of(client, post.address())
    unread = Notification.objects.filter(read_at__isnull=True)
    assert set(unread) == {others, theirs} and "Notifications, 1 unread" in page


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch"}, {"Sec-Fetch-Dest": "image"}, {"HX-Request": "true"}, "HEAD", "signed out"]
)
def test_a_post_that_nobody_looks_at_reads_nothing(client, ana, milo, post, headers):
    comments(milo, post)
    if headers == "signed out":
        client.logout()
    if headers == "HEAD":
        client.head(post.address())
    else:
        client.get(post.address(), headers=headers if isinstance(headers, dict) else {})
    assert unread_count(ana) == 1


def test_reading_by_opening_a_post_costs_one_query_and_only_where_something_is_unread(client, ana, milo, post):
    page_of(client, post.address())
    spent = []
    for _time in range(2):
        comments(milo, post)
        for _visit in range(2):
            with CaptureQueriesContext(connection) as captured:
                page_of(client, post.address())
            spent.append(len([query for query in captured if "UPDATE" in query["sql"]]))
    assert spent == [1, 0, 1, 0]


def test_one_of_somebody_elses_does_not_exist(client, ana, milo):
    row = notify(Kind.FOLLOW, milo, actor=ana)
    assert client.get(address(row)).status_code == client.get("/notifications/a%00b/").status_code == 404
    assert unread_count(milo) == 1


def test_marking_all_as_read_leaves_what_came_since_the_page_was_drawn(client, ana, milo, post):
    notify(Kind.FOLLOW, ana, actor=milo)
    until = client.get("/notifications/").context["until"]
    comments(milo, post)
    assert client.post("/notifications/read/", {"until": until}).url == "/notifications/"
    assert unread_count(ana) == 1
    client.post("/notifications/read/", {"until": "nonsense"})
    assert unread_count(ana) == 0
    assert client.get("/notifications/read/").status_code == 405


def test_an_empty_list_says_so(client, ana):
    assert "Nothing yet" in page_of(client)


def test_it_goes_on_in_pages_by_keyset(client, ana, milo):
    now = timezone.now()  # all at one moment: the key decides
    rows = [Notification(recipient=ana, kind=Kind.FOLLOW, actor=milo, created_at=now) for _ in range(A_PAGE + 3)]
    Notification.objects.bulk_create(rows)
    first = client.get("/notifications/").context
    further = client.get(first["next_url"], headers={"HX-Request": "true"})
    keys = [row.key for row in [*first["notifications"], *further.context["notifications"]]]
    assert len(first["notifications"]) == A_PAGE and not further.context["next_url"]
    assert sorted(keys) == sorted(row.key for row in rows)
    assert "<html" not in further.content.decode()


def test_a_request_can_be_answered_from_the_list_while_it_waits(client, ana, milo):
    Follow.objects.create(follower=milo, followed=ana)
    notify(Kind.REQUEST, ana, actor=milo)
    assert client.get("/notifications/").context["notifications"][0].waits
    Follow.objects.update(accepted_at=timezone.now())
    assert not client.get("/notifications/").context["notifications"][0].waits


def fill(ana, people):
    """A page full of all kinds."""
    for person in people:
        post = a_post(ana, original=an_original())
        notify(Kind.FOLLOW, ana, actor=person)
        notify(Kind.REQUEST, ana, actor=person)
        comments(person, post)
        for other in people:
            likes(other, post)


@pytest.mark.parametrize("many", [1, 4])
def test_it_costs_at_most_12_queries_with_a_cold_cache(client, ana, many, django_assert_max_num_queries):
    fill(ana, [a_member() for _ in range(many)])
    cache.clear()
    ContentType.objects.clear_cache()
    with django_assert_max_num_queries(12) as captured:
        page = page_of(client)
    assert page.count('class="told-one') == 4 * many
    assert not [query["sql"] for query in captured if "OFFSET" in query["sql"] and "OFFSET 1" not in query["sql"]]
