"""Mails about one thing: after a delay, one for a member and a kind, with the link that stops them; digests; pruning."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.utils import timezone

from community.actions import mail_notifications as mailing
from community.actions.mail_notifications import mail_notifications
from community.actions.send_digests import send_digests
from community.bell import mark_read
from community.mailing import DIGEST, unsubscribe_link
from community.models import Notification, Profile
from community.models.notifications import Kind
from community.notifying import notify
from community.sweep import sweep_people
from gallery.actions.withdraw_post import withdraw_post
from tests.bell_world import comments, likes
from tests.factories import a_member, a_post, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana", name="Ana")


@pytest.fixture
def milo():
    return a_member("milo", name="Milo")


@pytest.fixture
def post(ana):
    return a_post(ana, original=an_original())


def after_the_delay():
    Notification.objects.filter(mail_due_at__isnull=False).update(mail_due_at=timezone.now() - timedelta(seconds=1))
    return mail_notifications()


class Broken:
    """A mail server that takes nothing for some, and nothing at all where `error` is given."""

    def __init__(self, monkeypatch, refuses=(), error=None):
        self.refuses, self.error = refuses, error
        monkeypatch.setattr(locmem.EmailBackend, "send_messages", self.send, raising=True)

    def send(self, messages):
        for message in messages:
            if self.error:
                raise self.error
            if message.to[0] in self.refuses:
                raise SMTPRecipientsRefused({message.to[0]: (550, b"unknown")})
            mail.outbox.append(message)
        return len(messages)


# --- One thing --------------------------------------------------------------------------------------------------------


def test_it_waits_some_minutes_and_goes_out_once(ana, milo, post, mailoutbox):
    comments(milo, post, text="What a light!")
    assert mail_notifications() == 0
    assert [after_the_delay(), after_the_delay()] == [1, 0]
    message = mailoutbox[0]
    assert (message.to, message.subject) == (["ana@example.org"], "PixlPix: Milo commented on your post.")
    assert "What a light!" in message.body and f"http://localhost:8000/p/{post.short_id}/comments/" in message.body


def test_its_headers_are_exactly_those_of_rfc_8058(ana, milo, post, mailoutbox, settings):
    settings.SITE_URL = "https://pixlpix.example"
    comments(milo, post)
    after_the_delay()
    link = unsubscribe_link(ana, Kind.COMMENT)
    sent = mailoutbox[0].message()
    assert sent["List-Unsubscribe"] == f"<{link}>" and link.startswith("https://pixlpix.example/notifications/")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert f"<{link}>".encode() in sent.as_bytes().replace(b"\n ", b"")
    assert sent.get_content_type() == "text/plain" and link in mailoutbox[0].body


@pytest.mark.parametrize("how", ["read", "withdrawn", "muted"])
def test_what_was_read_or_went_meanwhile_is_not_mailed(ana, milo, post, mailoutbox, how):
    comments(milo, post)
    if how == "read":
        mark_read(ana)
    elif how == "withdrawn":
        withdraw_post(post, by=ana)
    else:
        ana.mutes.create(muted=milo)
    assert after_the_delay() == 0 and mailoutbox == []
    assert not Notification.objects.filter(mail_due_at__isnull=False).exists()


def test_several_of_one_kind_are_one_mail(ana, milo, post, mailoutbox):
    for text in ("One", "Two", "Three"):
        comments(milo, post, text=text)
    assert after_the_delay() == 1
    assert all(text in mailoutbox[0].body for text in ("One", "Two", "Three"))


@pytest.mark.parametrize("field", [{"verified_at": None}, {"standing": "suspended"}, {"standing": "left"}])
def test_nothing_is_mailed_to_who_is_not_confirmed_or_not_in_good_standing(ana, milo, post, mailoutbox, field):
    comments(milo, post)
    type(ana).objects.filter(pk=ana.pk).update(**field)
    assert after_the_delay() == 0 and mailoutbox == []


def test_a_name_cannot_write_headers(ana, milo, post, mailoutbox):
    type(milo).objects.filter(pk=milo.pk).update(name="Milo\r\nBcc: all@example.org")
    comments(milo, post)
    assert after_the_delay() == 1
    assert mailoutbox[0].message()["Bcc"] is None


def test_what_is_only_mailed_is_read_with_the_mail(ana, milo, post, mailoutbox):
    Profile.objects.filter(user=ana).update(notification_choices={"like": {"app": False, "email": True}})
    likes(milo, post)
    after_the_delay()
    likes(a_member("zoe", name="Zoe"), post)
    after_the_delay()
    assert [message.subject for message in mailoutbox] == [
        "PixlPix: Milo likes your post.",
        "PixlPix: Zoe likes your post.",
    ]


def test_a_mail_server_that_is_down_is_tried_again(ana, milo, post, mailoutbox, monkeypatch):
    comments(milo, post)
    with monkeypatch.context() as broken:
        Broken(broken, error=OSError("down"))
        assert after_the_delay() == 0
    row = Notification.objects.get()
    assert row.mail_due_at > timezone.now() and row.emailed_at is None
    assert after_the_delay() == 1 and len(mailoutbox) == 1


def test_an_address_that_takes_nothing_is_not_tried_again_and_stops_nobody_else(ana, milo, mailoutbox, monkeypatch):
    notify(Kind.REQUEST, ana, actor=milo)
    notify(Kind.REQUEST, milo, actor=ana)
    Broken(monkeypatch, refuses=["ana@example.org"])
    assert [after_the_delay(), after_the_delay()] == [1, 0]
    assert [message.to for message in mailoutbox] == [["milo@example.org"]]


def test_killed_while_sending_it_sends_nobody_twice(ana, milo, post, mailoutbox, monkeypatch):
    class Killed(BaseException):
        pass

    comments(milo, post)
    with monkeypatch.context() as broken:
        Broken(broken, error=Killed())
        with pytest.raises(Killed):
            after_the_delay()
    assert after_the_delay() == 0


def test_the_sweeper_mails_what_is_due(ana, milo, post, mailoutbox):
    comments(milo, post)
    assert sweep_people()["mails_queued"] == 0
    Notification.objects.update(mail_due_at=timezone.now())
    assert sweep_people()["mails_queued"] == 1 and len(mailoutbox) == 1


# --- Digests ----------------------------------------------------------------------------------------------------------


def wants(member, digest, **ago):
    Profile.objects.filter(user=member).update(digest=digest, digest_sent_at=timezone.now() - timedelta(**ago))


def test_a_digest_has_what_is_unread_and_was_not_mailed(ana, milo, post, mailoutbox):
    notify(Kind.FOLLOW, ana, actor=milo)
    mark_read(ana)
    comments(milo, post)  # is mailed by itself
    likes(milo, post)
    wants(ana, "daily", hours=25)
    assert send_digests() == {"sent": 1, "nothing_new": 0, "refused": 0, "later": 0}
    message = mailoutbox[0]
    assert "Milo likes your post." in message.body and post.address() in message.body
    assert "follows" not in message.body and "commented" not in message.body
    assert message.extra_headers["List-Unsubscribe"] == f"<{unsubscribe_link(ana, DIGEST)}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("digest", "ago", "sent"),
    [
        ("daily", {"hours": 25}, 1),
        ("daily", {"hours": 20}, 0),
        ("weekly", {"days": 6}, 0),
        ("weekly", {"days": 7, "hours": 1}, 1),
        ("never", {"days": 30}, 0),
    ],
)
def test_it_goes_out_once_a_day_or_a_week(ana, milo, post, mailoutbox, digest, ago, sent):
    likes(milo, post)
    wants(ana, digest, **ago)
    send_digests()
    call_command("send_digests")
    assert len(mailoutbox) == sent


def test_no_news_is_no_mail(ana, mailoutbox):
    wants(ana, "daily", days=2)
    assert send_digests()["nothing_new"] == 1 and mailoutbox == []
    assert send_digests()["nothing_new"] == 0


@pytest.mark.parametrize("field", [{"verified_at": None}, {"standing": "suspended"}, {"standing": "left"}])
def test_no_digest_for_who_is_not_confirmed_or_not_in_good_standing(ana, milo, post, mailoutbox, field):
    likes(milo, post)
    wants(ana, "daily", days=2)
    type(ana).objects.filter(pk=ana.pk).update(**field)
    assert not any(send_digests().values()) and mailoutbox == []


def test_one_address_that_fails_stops_no_other(ana, milo, mailoutbox, monkeypatch):
    for member, other in ((ana, milo), (milo, ana)):
        notify(Kind.FOLLOW, member, actor=other)
        wants(member, "daily", days=2)
    Broken(monkeypatch, refuses=["ana@example.org"])
    assert send_digests() == {"sent": 1, "nothing_new": 0, "refused": 1, "later": 0}


def test_a_defect_about_one_member_stops_no_other(ana, milo, mailoutbox, monkeypatch):
    for member, other in ((ana, milo), (milo, ana)):
        notify(Kind.FOLLOW, member, actor=other)
        wants(member, "daily", days=2)
    from community.actions import send_digests as digests

    made = digests.message_to
    monkeypatch.setattr(digests, "message_to", lambda user, *a, **k: 1 / 0 if user == ana else made(user, *a, **k))
    assert send_digests()["sent"] == 1 and mailoutbox[0].to == ["milo@example.org"]


def test_killed_in_the_middle_the_next_run_sends_nobody_a_second_one(ana, milo, mailoutbox, monkeypatch):
    class Killed(BaseException):
        pass

    for member, other in ((ana, milo), (milo, ana)):
        notify(Kind.FOLLOW, member, actor=other)
        wants(member, "daily", days=2)
    with monkeypatch.context() as broken:
        server = Broken(broken)
        send = server.send
        calls = []
        broken.setattr(
            locmem.EmailBackend,
            "send_messages",
            lambda self, messages: (send(messages), calls.append(1), len(calls) == 1 and raise_(Killed())),
        )
        with pytest.raises(Killed):
            send_digests()
    assert [message.to for message in mailoutbox] == [["ana@example.org"]]
    send_digests()
    assert sorted(message.to[0] for message in mailoutbox) == ["ana@example.org", "milo@example.org"]


def raise_(error):
    raise error


def test_a_server_that_is_down_is_tried_again_in_an_hour(ana, milo, post, mailoutbox, monkeypatch):
    likes(milo, post)
    wants(ana, "daily", days=2)
    with monkeypatch.context() as broken:
        Broken(broken, error=OSError("down"))
        assert send_digests()["later"] == 1
    assert send_digests()["sent"] == 0
    Profile.objects.update(digest_sent_at=Profile.objects.get(user=ana).digest_sent_at - timedelta(minutes=61))
    assert send_digests()["sent"] == 1


# --- Forgetting -------------------------------------------------------------------------------------------------------


def test_what_was_read_90_days_ago_goes_and_what_was_not_read_stays(ana, milo):
    old, young, unread = (notify(Kind.FOLLOW, ana, actor=milo) for _ in range(3))
    Notification.objects.filter(pk=old.pk).update(read_at=timezone.now() - timedelta(days=91))
    Notification.objects.filter(pk=young.pk).update(read_at=timezone.now() - timedelta(days=89))
    assert sweep_people()["notifications_pruned"] == 1
    assert set(Notification.objects.values_list("pk", flat=True)) == {young.pk, unread.pk}


def test_more_mails_than_one_go_takes_wait_for_the_next(ana, milo, mailoutbox, monkeypatch):
    monkeypatch.setattr(mailing, "BATCH", 1)
    notify(Kind.REQUEST, ana, actor=milo)
    notify(Kind.REQUEST, milo, actor=ana)
    assert [after_the_delay() for _ in range(3)] == [1, 1, 0]
