"""What the team does about comments: finding them, reading what was removed, taking one down, restoring it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import PageLogEntry

from community.actions.add_comment import add_comment
from community.actions.like_comment import like_comment
from community.actions.remove_comment import remove_comment
from community.actions.take_down_comment import restore_comment, take_down_comment
from community.models import Comment, Notification, PostCounts
from gallery.actions.set_visibility import set_visibility
from tests.factories import a_member, a_post, a_staff_member
from tests.traces import ledger_acts, staff_acts

pytestmark = pytest.mark.django_db
URL = "/admin/comments/"


@pytest.fixture
def moderator(client):
    moderator = a_staff_member("Moderators", "mona")
    client.force_login(moderator)
    return moderator


@pytest.fixture
def comment():
    return add_comment(a_post(a_member("ana")), "Horrid words", by=a_member("milo"))


def counted(post):
    return PostCounts.objects.get(post=post).comments


def listed(client, **query):
    """The words of what the list shows, in its order."""
    return [comment.text for comment in client.get(URL, query).context["page"]]


def read(client, comment):
    """What a visitor reads at the post of `comment`."""
    client.logout()
    return client.get(comment.post.address()).content.decode()


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_has_comments_in_any_state_and_narrows_to_each(client, moderator, comment):
    post, milo = comment.post, comment.author
    by_author, by_post_author = (add_comment(post, f"Gone {n}", by=milo) for n in range(2))
    remove_comment(by_author, by=milo)
    remove_comment(by_post_author, by=post.author)
    taken_down = take_down_comment(add_comment(post, "Insult", by=milo), by=moderator, reason="It insults")
    add_comment(post, "Last", by=milo)
    assert listed(client) == ["Last", "Insult", "Gone 1", "Gone 0", "Horrid words"]
    assert listed(client, state="author") == ["Gone 0"]
    assert listed(client, state="post_author") == ["Gone 1"]
    assert listed(client, state="team") == ["Insult"]
    Comment.objects.filter(pk=taken_down.pk).update(removed_at=timezone.now() - timedelta(days=2))
    assert listed(client, state="gone") == ["Gone 1", "Gone 0", "Insult"]  # the last removed first
    assert listed(client, state="nonsense") == listed(client)
    page = client.get(URL, {"state": "team"}).content.decode()
    assert "It insults" in page and f"{URL}{taken_down.key}/restore/" in page


def test_words_that_are_forgotten_are_nowhere_and_their_row_is_found_by_its_member_alone(client, moderator, comment):
    remove_comment(comment, by=comment.author)
    Comment.objects.update(text="")
    assert listed(client, state="gone") == listed(client, state="author") == []
    page = client.get(URL, {"q": "@milo"}).content.decode()
    assert "Its words are forgotten." in page and "/take-down/" not in page and "/restore/" not in page


@pytest.mark.parametrize("query", ["@milo", "MILO", "{key}", "{address}", "{thread}", "{post}", "{permanent}", "{id}"])
def test_comments_are_found_by_member_by_address_and_by_post(client, moderator, comment, query):
    add_comment(a_post(), "Elsewhere", by=a_member())
    post = comment.post
    named = query.format(
        key=comment.key,
        address=f"http://testserver/p/{post.short_id}/comments/{comment.key}/",
        thread=f"{post.address()}#c-{comment.key}",
        post=f"http://testserver{post.address()}",
        permanent=f"/p/{post.short_id}/",
        id=post.short_id,
    )
    assert listed(client, q=named) == ["Horrid words"]


@pytest.mark.parametrize("query", ["@nobody", "abcdefghij", "/p/abcdefghij/", "x" * 2000])
def test_what_names_nothing_finds_nothing(client, moderator, comment, query):
    assert listed(client, q=query) == []


def test_the_list_goes_on_by_keyset_and_costs_the_same_however_long_it_is(
    client, moderator, comment, monkeypatch, django_assert_max_num_queries
):
    made = [Comment(post=comment.post, author=comment.author, text=f"Number {n}") for n in range(4)]
    Comment.objects.bulk_create(made)
    Comment.objects.update(removed_at=timezone.now(), removed_by="author")
    for state in ("", "author"):
        monkeypatch.setattr("community.admin.comments.PAGE", 50)
        whole = listed(client, state=state)
        monkeypatch.setattr("community.admin.comments.PAGE", 2)
        pages, query = [], {"state": state}
        while True:
            with django_assert_max_num_queries(20):
                page = client.get(URL, query).context["page"]
            pages.append([comment.text for comment in page])
            if not page.next:
                break
            query["after"] = page.next
        assert [len(page) for page in pages] == [2, 2, 1]
        assert [text for page in pages for text in page] == whole


@pytest.mark.parametrize("group", ["Curators", None])
def test_nobody_else_reads_comments_there_or_decides_about_them(client, comment, group):
    remove_comment(comment, by=comment.author)
    client.force_login(a_staff_member(group) if group else comment.author)
    for url in (URL, f"{URL}{comment.key}/take-down/", f"{URL}{comment.key}/restore/"):
        for answer in (client.get(url), client.post(url, {"reason": "Mine"})):
            assert answer.status_code in (302, 403, 404) and "Horrid words" not in answer.content.decode(), url
    comment.refresh_from_db()
    assert comment.team_state == "none"


def test_reading_what_visitors_cannot_read_is_written_down(client, moderator, comment):
    looks = PageLogEntry.objects.filter(action="pixlpix.look", user=moderator)
    listed(client)
    assert not looks.exists()
    remove_comment(comment, by=comment.author)
    listed(client)
    assert looks.get().page_id == comment.post_id and looks.get().data == {"comment": comment.key}
    narrow = add_comment(a_post(), "For few", by=a_member())
    set_visibility(narrow.post, by=narrow.post.author, visibility="followers")
    listed(client)
    assert set(looks.order_by("-pk").first().data["comments"]) == {comment.key, narrow.key}


# --- Deciding ---------------------------------------------------------------------------------------------------------


def test_a_moderator_takes_a_comment_down_and_restores_it_by_the_console(client, moderator, comment):
    page = client.get(URL).content.decode()
    assert f"{URL}{comment.key}/take-down/" in page
    form = client.get(f"{URL}{comment.key}/take-down/").content.decode()
    assert "Horrid words" in form and "Its author is told this." in form
    assert client.post(f"{URL}{comment.key}/take-down/", {"reason": " "}).context["form"].errors
    answer = client.post(f"{URL}{comment.key}/take-down/", {"reason": "Insults"}, follow=True)
    assert "nobody outside the team reads it" in answer.content.decode() and "Insults" in answer.content.decode()
    assert "Horrid words" not in read(client, comment)
    client.force_login(moderator)
    client.post(f"{URL}{comment.key}/restore/", {"reason": "A quotation"})
    assert "Horrid words" in read(client, comment)
    acts = [(act, who) for act, who in staff_acts(comment.post) if "comment" in act]
    assert acts == [("pixlpix.take_down_comment", "mona"), ("pixlpix.restore_comment", "mona")]
    client.force_login(moderator)
    history = client.get(f"/admin/posts/{comment.post.short_id}/").content.decode()
    assert "Comment taken down" in history or "Take down comment" in history
    assert "A quotation" in history


def test_what_cannot_be_restored_is_refused_in_the_form(client, moderator, comment):
    url = f"{URL}{comment.key}/restore/"
    assert "not taken down" in client.post(url).content.decode()
    take_down_comment(comment, by=moderator, reason="Insults")
    Comment.objects.update(text="")
    assert "Its words are forgotten: there is nothing to bring back." in client.post(url).content.decode()
    assert client.get(f"{URL}abcdefghij/restore/").status_code == 404


def test_a_comment_that_is_taken_down_is_gone_for_everybody_until_it_is_restored(client, moderator, comment):
    post = comment.post
    like_comment(comment, by=post.author)
    take_down_comment(comment, by=moderator, reason="Insults")
    take_down_comment(comment, by=moderator, reason="Insults")  # once more: nothing happens
    assert "Horrid words" not in client.get(post.address()).content.decode() and counted(post) == 0
    told = Notification.objects.get(recipient=comment.author, kind="moderation")
    assert (told.details["act"], told.details["reason"]) == ("take_down", "Insults")
    comment = restore_comment(comment, by=moderator)
    assert "Horrid words" in client.get(post.address()).content.decode() and counted(post) == 1
    assert (comment.likes, comment.removed_at) == (1, None)
    assert {"comment.taken_down", "comment.restored"} <= set(ledger_acts(post.short_id))


def test_one_that_was_answered_says_that_the_team_removed_it(client, moderator, comment):
    add_comment(comment.post, "An answer", by=comment.author, reply_to=comment)
    take_down_comment(comment, by=moderator, reason="Insults")
    page = read(client, comment)
    assert "Removed by the team." in page and "An answer" in page


def test_restoring_brings_nothing_back_that_its_author_removed(client, moderator, comment):
    take_down_comment(comment, by=moderator, reason="Insults")
    remove_comment(comment, by=comment.author)
    answer = client.post(f"{URL}{comment.key}/restore/", follow=True)
    assert "removed by its author" in answer.content.decode() and "Removed by its author" in answer.content.decode()
    assert "Horrid words" not in read(client, comment)
    assert counted(comment.post) == 0


def test_only_moderators_take_comments_down_and_only_with_a_reason(moderator, comment):
    with pytest.raises(PermissionDenied):
        take_down_comment(comment, by=comment.author, reason="Mine")
    with pytest.raises(ValidationError):
        take_down_comment(comment, by=moderator, reason=" ")
    with pytest.raises(PermissionDenied):
        restore_comment(comment, by=comment.author)
    with pytest.raises(PermissionDenied):
        restore_comment(comment, by=moderator)
