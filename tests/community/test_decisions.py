"""Members hear of what the team decides about them and what is theirs, whichever way it was decided."""

import pytest

from community.actions.mail_notifications import mail_notifications
from community.actions.suspend_member import lift_suspension, suspend_member
from community.actions.take_down_avatar import restore_avatar, take_down_avatar
from community.actions.take_down_comment import restore_comment, take_down_comment
from community.bell import notifications_of
from community.models import Comment, Notification, Profile, User
from community.telling import in_words, leads_to, quoted
from gallery.actions.edit_takedown_reason import edit_takedown_reason
from gallery.actions.label_sensitive import label_sensitive, unlabel_sensitive
from gallery.actions.limit_post import limit_post, unlimit_post
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.take_down_in_admin import take_down_in_admin
from gallery.actions.take_down_post import take_down_post
from tests.factories import a_gallery, a_member, a_post, a_staff_member, an_avatar, an_original

pytestmark = pytest.mark.django_db
WHY = "Not your own <photograph>"


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def mod():
    return a_staff_member("Moderators", "marta")


def told(member):
    return [(in_words(row), quoted(row)) for row in notifications_of(member)]


def test_of_a_post_taken_down_and_brought_back(client, ana, mod):
    post = a_post(ana, original=an_original())
    take_down_post(post, by=mod, reason=WHY)
    assert told(ana) == [("The team took your post down.", WHY)]
    assert leads_to(notifications_of(ana).items[0]) == post.address()
    client.force_login(ana)
    assert "Not your own &lt;photograph&gt;" in client.get("/notifications/").content.decode()
    edit_takedown_reason(post, by=mod, reason="Another")
    restore_post(post, by=mod, reason="We were wrong, do not tell")
    assert told(ana)[:2] == [
        ("The team brought your post back.", ""),
        ("The team changed the reason why your post was taken down.", "Another"),
    ]


def test_of_every_post_that_went_with_it_each_its_author(ana, mod):
    original, milo = an_original(), a_member("milo")
    first, _second, theirs = (a_post(who, original=original) for who in (ana, ana, milo))
    take_down_post(first, by=mod, reason=WHY, also=[theirs])
    assert (len(told(ana)), len(told(milo))) == (2, 1)


def test_of_a_limit_and_of_a_label_and_of_their_ends(ana, mod):
    post = a_post(ana)
    limit_post(post, by=mod, reason=WHY), label_sensitive(post, by=mod, reason="Blood")
    assert told(ana) == [
        ("The team marked your post as sensitive.", "Blood"),
        ("The team limited your post: it is not in explore, under hashtags or in search.", WHY),
    ]
    unlimit_post(post, by=mod, reason="Not told"), unlabel_sensitive(post, by=mod, reason="Not told")
    assert told(ana)[:2] == [
        ("The team no longer marks your post as sensitive.", ""),
        ("Your post is no longer limited.", ""),
    ]


def test_of_a_gallery(ana, mod):
    gallery = a_gallery(ana)
    take_down_gallery(gallery, by=mod, reason=WHY)
    restore_gallery(gallery, by=mod)
    assert told(ana)[-1] == ("The team took your gallery down.", WHY)
    assert told(ana)[0] == ("The team brought your gallery back.", "")


def test_of_what_was_removed_in_wagtails_own_pages(ana, mod):
    take_down_in_admin(a_post(ana, original=an_original()), by=mod)
    assert told(ana) == [("The team took your post down.", "Removed in the admin")]


def test_of_a_profile_picture(ana, mod):
    avatar = an_avatar(ana)
    take_down_avatar(avatar, by=mod, reason=WHY)
    restore_avatar(avatar, by=mod)
    assert told(ana) == [
        ("The team brought your profile picture back.", ""),
        ("The team took your profile picture down.", WHY),
    ]
    assert leads_to(notifications_of(ana).items[0]) == "/settings/picture/"


def test_of_a_comment(ana, mod):
    post = a_post(original=an_original())
    comment = Comment.objects.create(post=post, author=ana, text="What a light!")
    take_down_comment(comment, by=mod, reason=WHY)
    restore_comment(comment, by=mod, reason="We were wrong, do not tell")
    assert told(ana) == [("The team brought your comment back.", ""), ("The team removed your comment.", WHY)]
    assert leads_to(notifications_of(ana).items[0]) == post.address()


def test_of_a_suspension_by_mail_at_once_and_of_its_end(ana, mod, mailoutbox):
    suspend_member(ana, by=mod, reason=WHY)
    assert mail_notifications() == 1
    message = mailoutbox[0]
    assert (message.to, message.subject) == (["ana@example.org"], "PixlPix: Your account is suspended.")
    assert WHY in message.body
    assert "List-Unsubscribe" not in message.extra_headers and "/unsubscribe/" not in message.body
    lift_suspension(User.objects.get(pk=ana.pk), by=mod)
    assert told(ana)[0] == ("Your account is no longer suspended.", "")


def test_whatever_they_chose_and_though_it_was_read(ana, mod, mailoutbox):
    Profile.objects.filter(user=ana).update(notification_choices={"moderation": {"app": False, "email": False}})
    take_down_post(a_post(ana, original=an_original()), by=mod, reason=WHY)
    Notification.objects.update(read_at="2026-01-01T00:00Z")
    assert len(told(ana)) == 1 and mail_notifications() == 1


def test_a_decision_that_is_refused_tells_nothing(ana, mod):
    post = a_post(ana, original=an_original())
    with pytest.raises(Exception, match="Only moderators"):
        take_down_post(post, by=ana, reason=WHY)
    assert told(ana) == []
