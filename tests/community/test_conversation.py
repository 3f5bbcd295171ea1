"""Conversation on the site: what people see of it, how it goes on, and what it costs."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from community.actions.add_comment import add_comment
from community.actions.like_comment import like_comment
from community.actions.remove_comment import remove_comment
from community.actions.suspend_member import suspend_member
from community.conversation import conversation_of
from community.models import Block, Comment, Mention, Mute, Profile
from community.models.users import Standing, User
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from tests.factories import a_member, a_post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def milo():
    return a_member("milo")


@pytest.fixture
def post(ana):
    return a_post(ana)


def body(response):
    return response.content.decode()


def many(post, by, number, parent=None):
    """Comments one second apart, made quickly; the newest last."""
    start = timezone.now() - timedelta(hours=1)
    made = [
        Comment(post=post, author=by, parent=parent, text=f"Number {n}.", created_at=start + timedelta(seconds=n))
        for n in range(number)
    ]
    Comment.objects.bulk_create(made)
    if parent:
        Comment.objects.filter(pk=parent.pk).update(replies=number)
    return made


def shown(post, viewer, **options):
    """The keys of what a viewer sees, page after page."""
    found, cursor = [], ""
    while True:
        page = conversation_of(post, viewer, cursor=cursor, **options)
        found.append([item.comment.key for item in page.comments])
        if not (cursor := page.next):
            return found


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_visitors_read_comments_and_are_led_to_the_door(client, post, milo):
    add_comment(post, "Lovely <b>haze</b> https://example.org/", by=milo)
    page = body(client.get(post.address()))
    assert '<a href="https://example.org/" rel="nofollow ugc noopener noreferrer"' in page
    assert "Lovely &lt;b&gt;haze&lt;/b&gt;" in page and "Sign in to comment" in page
    assert "<textarea" not in page


def test_a_conversation_is_read_page_by_page_newest_first(client, post, milo):
    made = many(post, milo, 45)
    pages = shown(post, milo)
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [key for page in pages for key in page] == [comment.key for comment in reversed(made)]
    more = client.get(f"/p/{post.short_id}/comments/?after={conversation_of(post, milo).next}", headers=HTMX)
    assert "Number 24." in body(more) and "Number 25." not in body(more) and "<html" not in body(more)
    whole = client.get(f"/p/{post.short_id}/comments/?after={conversation_of(post, milo).next}")
    assert "Number 24." in body(whole) and "<html" in body(whole)


def test_the_most_liked_come_first_where_one_asks_for_them(client, post, ana, milo):
    made = many(post, milo, 25)
    for number, likes in ((3, 2), (7, 1)):
        Comment.objects.filter(pk=made[number].pk).update(likes=likes)
    pages = shown(post, milo, order="top")
    assert [len(page) for page in pages] == [20, 5]
    assert pages[0][:2] == [made[3].key, made[7].key]
    assert len({key for page in pages for key in page}) == 25
    page = body(client.get(f"{post.address()}?comments=top"))
    assert page.index("Number 3.") < page.index("Number 7.")


@pytest.mark.parametrize("cursor", ["x", "1-", "-abc", "99999999999-a", "1-\0", "[]"])
def test_a_mangled_cursor_shows_the_first_page(client, post, milo, cursor):
    add_comment(post, "Lovely", by=milo)
    for order in ("top", "newest"):
        assert "Lovely" in body(client.get(f"/p/{post.short_id}/comments/", {"after": cursor, "comments": order}))


def test_three_replies_show_at_once_and_all_of_them_by_a_link(client, post, ana, milo):
    top = add_comment(post, "Top", by=milo)
    many(post, ana, 60, parent=top)
    page = body(client.get(post.address()))
    assert "Number 2." in page and "Number 3." not in page and "Show all replies" in page
    thread = client.get(f"/p/{post.short_id}/comments/{top.key}/")
    assert "Number 49." in body(thread) and "Number 50." not in body(thread)
    following = thread.context["next_url"]
    assert "Number 59." in body(client.get(following)) and "Number 49." not in body(client.get(following, headers=HTMX))


def test_a_link_to_a_reply_leads_to_it_among_its_neighbours(client, post, ana, milo):
    top = add_comment(post, "Top", by=milo)
    replies = many(post, ana, 60, parent=top)
    page = body(client.get(f"/p/{post.short_id}/comments/{replies[55].key}/"))
    assert f'id="c-{replies[55].key}"' in page and "Number 54." not in page and "Show the replies before this" in page


def test_what_was_removed_leaves_a_trace_only_where_somebody_replied(client, post, ana, milo):
    alone, answered = add_comment(post, "Alone", by=milo), add_comment(post, "Answered", by=milo)
    add_comment(post, "The answer", by=ana, reply_to=answered)
    remove_comment(alone, by=milo)
    remove_comment(answered, by=ana)
    page = body(client.get(post.address()))
    assert "Removed by the post&#x27;s author." in page or "Removed by the post's author." in page
    assert "The answer" in page and "Answered" not in page and "Alone" not in page


def test_blocked_muted_and_suspended_peoples_comments_are_not_there(client, post, ana, milo):
    sol, june, iris = a_member("sol"), a_member("june"), a_member("iris")
    for member in (sol, june, iris):
        comment = add_comment(post, f"By {member.username}", by=member)
        add_comment(post, f"Answer to {member.username}", by=member, reply_to=comment)
    Block.objects.create(blocker=sol, blocked=milo)
    Mute.objects.create(muter=milo, muted=june)
    suspend_member(iris, by=None, reason="Spam")
    client.force_login(milo)
    page = body(client.get(post.address()))
    assert "By sol" not in page and "By june" not in page and "By iris" not in page and "Answer to" not in page
    client.logout()
    page = body(client.get(post.address()))
    assert "By sol" in page and "Answer to june" in page and "By iris" not in page


def test_who_has_left_is_a_former_member_without_a_link(client, post, milo):
    add_comment(post, "Lovely", by=milo)
    User.objects.filter(pk=milo.pk).update(standing=Standing.LEFT, emptied_at=timezone.now(), name="")
    page = body(client.get(post.address()))
    assert "A former member" in page and "Lovely" in page and "milo" not in page


def test_comments_go_with_their_post(client, post, ana, milo):
    comment = add_comment(post, "Lovely", by=milo)
    addresses = [f"/p/{post.short_id}/comments/", f"/p/{post.short_id}/comments/{comment.key}/"]
    assert [client.get(url).status_code for url in addresses] == [200, 200]
    withdraw_post(post, by=ana)
    assert [client.get(url).status_code for url in addresses] == [410, 410]


def test_a_conversation_costs_two_queries_however_long_it_is(django_assert_max_num_queries, client, post, ana, milo):
    Profile.objects.update_or_create(user=milo, defaults={"hidden_words": "spoiler"})
    for number in range(6):
        top = add_comment(post, f"Number {number} for @ana", by=milo)
        for _ in range(4):
            add_comment(post, "And @milo", by=ana, reply_to=top)
    many(post, milo, 30)
    PostPage.objects.filter(pk=post.pk).update(caption="With @milo")
    Mention.objects.create(post=post, user=milo, name="milo")
    post.refresh_from_db()
    with django_assert_max_num_queries(2):
        talk = conversation_of(post, milo, caption=True, order="top")
    assert talk.caption_people == {"milo": "milo"}


def test_mentions_link_to_the_present_name_of_whom_one_may_see(client, post, ana, milo):
    sol = a_member("sol")
    add_comment(post, "@milo and @sol", by=ana)
    User.objects.filter(pk=milo.pk).update(username="milo-outdoors")
    page = body(client.get(post.address()))
    assert '<a href="/members/milo-outdoors/">@milo</a>' in page and '<a href="/members/sol/">@sol</a>' in page
    Block.objects.create(blocker=sol, blocked=milo)
    client.force_login(User.objects.get(pk=milo.pk))
    assert ">@sol</a>" not in body(client.get(post.address()))


@pytest.mark.parametrize(("who", "most"), [("visitor", 8), ("milo", 12)])
def test_a_post_with_a_conversation_costs_no_more_than_any_page(
    django_assert_max_num_queries, client, post, ana, milo, who, most
):
    top = add_comment(post, "Hello @ana", by=milo)
    add_comment(post, "Hello @milo", by=ana, reply_to=top)
    many(post, milo, 30)
    if who != "visitor":
        client.force_login(milo)
    for url in (post.address(), f"/p/{post.short_id}/comments/", f"/p/{post.short_id}/comments/{top.key}/"):
        cache.clear()
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_writing_replying_changing_liking_and_removing_without_scripts(client, post, ana, milo):
    client.force_login(milo)
    answer = client.post(f"/p/{post.short_id}/comments/", {"text": "Lovely"})
    comment = Comment.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{post.address()}#c-{comment.key}")
    base = f"/p/{post.short_id}/comments/{comment.key}/"
    assert "Change your comment" in body(client.get(f"{base}edit/"))
    assert client.post(f"{base}edit/", {"text": "Lovelier"}).url == f"{base}#c-{comment.key}"
    assert "Reply to <bdi>Milo</bdi>" in body(client.get(f"{base}reply/"))
    client.post(f"{base}reply/", {"text": "And more"})
    reply = Comment.objects.get(parent=comment)
    assert client.post(f"{base}like/").url == f"{base}#c-{comment.key}"
    comment.refresh_from_db()
    assert (comment.text, comment.likes, comment.replies) == ("Lovelier", 1, 1)
    client.post(f"{base}unlike/")
    assert "Remove this comment?" in body(client.get(f"{base}remove/"))
    client.post(f"/p/{post.short_id}/comments/{reply.key}/remove/")
    client.post(f"{base}remove/")
    assert not Comment.objects.filter(removed_by="").exists()


def test_htmx_gets_the_part_that_changes(client, post, milo):
    client.force_login(milo)
    comments = f"/p/{post.short_id}/comments/"
    answer = client.post(comments, {"text": "Lovely"}, headers={**HTMX, "HX-Target": "conversation"})
    assert 'id="conversation"' in body(answer) and "Lovely" in body(answer) and "<html" not in body(answer)
    comment = Comment.objects.get()
    form = client.get(f"{comments}{comment.key}/reply/", headers=HTMX)
    assert body(form).lstrip().startswith("<form")
    answer = client.post(f"{comments}{comment.key}/reply/", {"text": "More"}, headers=HTMX)
    assert answer["HX-Retarget"] == f"#t-{comment.key}" and 'id="talk-count" hx-swap-oob="true">2<' in body(answer)
    liked = client.post(f"{comments}{comment.key}/like/", headers=HTMX)
    assert 'aria-pressed="true"' in body(liked)
    gone = client.post(f"{comments}{Comment.objects.get(parent=comment).key}/remove/", headers=HTMX)
    assert f'id="t-{comment.key}"' in body(gone) and "More" not in body(gone)
    gone = client.post(f"{comments}{comment.key}/remove/", headers=HTMX)
    assert "The comment is removed." in body(gone) and "Lovely" not in body(gone)


def test_what_is_refused_keeps_what_was_typed(client, post, milo):
    client.force_login(milo)
    answer = client.post(f"/p/{post.short_id}/comments/", {"text": "x" * 2001})
    assert answer.status_code == 422 and "x" * 2001 in body(answer) and "there is room for 2000" in body(answer)
    assert client.post(f"/p/{post.short_id}/comments/", {"text": ""}, headers=HTMX).status_code == 200


def test_too_many_comments_at_once_are_refused_kindly(client, post, milo, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "comment": "2/m/user,3/h/user"}
    client.force_login(milo)
    answers = [client.post(f"/p/{post.short_id}/comments/", {"text": f"Number {n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Number 2" in body(answers[2]) and "wait a little" in body(answers[2])


def test_replies_changes_and_likes_are_limited_as_well(client, post, milo, settings):
    usual = settings.ACCOUNT_RATE_LIMITS
    assert (usual["comment"], usual["like_comment"]) == ("10/m/user,120/h/user", "120/m/user")
    settings.ACCOUNT_RATE_LIMITS = {**usual, "comment": "1/m/user", "like_comment": "1/m/user"}
    comment = add_comment(post, "Lovely", by=milo)
    client.force_login(milo)
    base = f"/p/{post.short_id}/comments/{comment.key}/"
    sent = [("reply", "One"), ("reply", "Two"), ("edit", "Three"), ("like", ""), ("unlike", "")]
    answers = [client.post(f"{base}{act}/", {"text": text}).status_code for act, text in sent]
    assert answers == [302, 429, 429, 302, 429]
    comment.refresh_from_db()
    assert (comment.text, comment.replies, comment.likes) == ("Lovely", 1, 1)


def test_comments_can_be_off(client, post, milo):
    add_comment(post, "Before", by=milo)
    PostPage.objects.filter(pk=post.pk).update(comments_off=True)
    client.force_login(milo)
    page = body(client.get(post.address()))
    assert "Comments are off" in page and "Before" in page and "<textarea" not in page
    assert client.post(f"/p/{post.short_id}/comments/", {"text": "After"}).status_code == 403


def test_somebody_elses_comment_offers_nothing_but_an_answer(client, post, milo):
    comment = add_comment(post, "Lovely", by=milo)
    client.force_login(a_member("sol"))
    page = body(client.get(post.address()))
    assert "/reply/" in page and "/edit/" not in page and "/remove/" not in page
    for name, status in (("edit", 403), ("remove", 404)):
        assert client.get(f"/p/{post.short_id}/comments/{comment.key}/{name}/").status_code == status


def test_its_author_can_still_remove_a_comment_under_a_post_that_they_no_longer_see(client, post, ana, milo):
    comment = add_comment(post, "Lovely", by=milo)
    Block.objects.create(blocker=ana, blocked=milo)
    client.force_login(milo)
    answer = client.post(f"/p/{post.short_id}/comments/{comment.key}/remove/")
    comment.refresh_from_db()
    assert answer.url == "/" and comment.removed_by == "author"


def test_likes_show_to_visitors_as_a_number(client, post, ana, milo):
    like_comment(add_comment(post, "Lovely", by=milo), by=ana)
    assert "1 like" in body(client.get(post.address()))


# --- Hidden words -----------------------------------------------------------------------------------------------------


def test_comments_with_hidden_words_are_folded_for_who_hid_them_but_not_their_own(client, post, ana, milo):
    Profile.objects.update_or_create(user=milo, defaults={"hidden_words": "Föhn\n"})
    add_comment(post, "The fohn again", by=ana)
    client.force_login(milo)
    assert "Hidden by your words" in body(client.get(post.address()))
    client.force_login(a_member("sol"))
    assert "Hidden by your words" not in body(client.get(post.address()))
    client.force_login(milo)
    Comment.objects.all().delete()
    add_comment(post, "My own Föhn", by=milo)
    assert "Hidden by your words" not in body(client.get(post.address()))
