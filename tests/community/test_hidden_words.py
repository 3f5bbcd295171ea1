"""Hidden words: matched as whole words, in any script; set on a page of the settings, for oneself alone."""

import pytest

from community.actions.add_comment import add_comment
from community.hidden_words import hides, needles_of
from community.models import Notification, Profile
from gallery.models import MemberAct
from tests.factories import a_member, a_post
from tests.people_world import signed_in

URL = "/settings/words/"


@pytest.mark.parametrize(
    ("words", "text", "hidden"),
    [
        ("spoiler", "A SPOILER!", True),
        ("spoiler", "spoilers", False),
        ("spoiler", "#spoiler", True),
        ("#spoiler", "no spoiler", False),
        ("#spoiler", "see #Spoiler", True),
        ("golden hour", "the golden hour", True),
        ("golden hour", "golden, at any hour", False),
        ("東京", "東京都", True),
        ("都", "東京都", True),
        ("東都", "東京都", False),
        ("نور", "هذا نُور", True),
        ("😀", "well 😀", True),
        ("a\n\n  \n!!!\nb", "only b here", True),
        ("!!!", "anything!!!", False),
        ("", "anything", False),
    ],
)
def test_what_is_hidden(words, text, hidden):
    assert hides(needles_of(words), text) is hidden


# --- The settings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def milo(db):
    return a_member("milo")


def kept(member):
    return Profile.objects.get(user=member).hidden_words


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("spoiler\r\nGolden   hour\r\n\r\n spoiler \r\n", "spoiler\nGolden hour"),
        ("東京\n\u200b\n#Föhn", "東京\n#Föhn"),
        ("<b>\u202e</b>", "<b></b>"),
        ("  \n ", ""),
        ("\n".join(f"word{n}" for n in range(100)), "\n".join(f"word{n}" for n in range(100))),
    ],
)
def test_words_are_kept_clean_and_shown_again(milo, typed, stored):
    client = signed_in(milo)
    Profile.objects.filter(user=milo).update(hidden_words="before")
    assert client.post(URL, {"hidden_words": typed}).url == URL
    assert kept(milo) == stored
    page = client.get(URL)
    assert page.context["form"]["hidden_words"].value() == stored and "<b>" not in page.content.decode()


@pytest.mark.parametrize("typed", ["\n".join(f"word{n}" for n in range(101)), "x" * 2001, "a\x00b"])
def test_too_many_or_what_cannot_be_kept_is_refused_and_what_was_typed_stays(milo, typed):
    Profile.objects.filter(user=milo).update(hidden_words="before")
    answer = signed_in(milo).post(URL, {"hidden_words": typed})
    assert answer.status_code == 422 and answer.context["form"].errors["hidden_words"]
    assert answer.context["form"]["hidden_words"].value() == typed
    assert kept(milo) == "before"


def test_what_was_set_folds_others_comments_and_replies_for_that_member_until_it_is_taken_back(milo):
    post = a_post(a_member("ana"), caption="A spoiler")
    top = add_comment(post, "No SPOILER please", by=post.author)
    add_comment(post, "That is a spoiler", by=post.author, reply_to=top)
    add_comment(post, "My spoiler", by=milo)
    client, addresses = signed_in(milo), [post.address(), f"/p/{post.short_id}/comments/{top.key}/"]
    client.post(URL, {"hidden_words": "spoiler"})
    folded = [client.get(url).content.decode().count("Hidden by your words") for url in addresses]
    assert folded == [2, 2]
    client.post(URL, {"hidden_words": ""})
    assert "Hidden by your words" not in client.get(post.address()).content.decode()


def test_nobody_learns_what_somebody_hides(milo):
    post = a_post(a_member("ana"))
    acts = MemberAct.objects.count()
    signed_in(milo).post(URL, {"hidden_words": "bumblebee"})
    assert MemberAct.objects.count() == acts
    comment = add_comment(post, "A bumblebee", by=post.author)
    for url in (post.address(), f"/p/{post.short_id}/comments/{comment.key}/", "/members/milo/", URL):
        page = signed_in(post.author).get(url).content.decode()
        assert "Hidden by your words" not in page and "bumblebee" not in page.replace("A bumblebee", ""), url
    assert not Notification.objects.exists()
    page = signed_in(milo).get(URL)
    assert "no-store" in page["Cache-Control"]
