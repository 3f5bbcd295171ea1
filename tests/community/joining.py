"""What tests about joining share: the form filled in, and the mail that followed."""

import re

from django.core import mail
from django.urls import reverse

from community.models import PolicyVersion
from community.quiet_checks import shown_now
from tests.factories import PASSWORD


def answers(**changes):
    """A sign-up form filled in properly; `changes` replace answers, and None leaves one out."""
    filled = {
        "name": "Ana Duarte",
        "email": "ana@example.org",
        "username": "ana",
        "password1": PASSWORD,
        "policy": PolicyVersion.objects.current().number,
        "accept_policy": "on",
        "confirm_age": "on",
        "shown": shown_now(ago=60),
        "website": "",
        **changes,
    }
    return {name: value for name, value in filled.items() if value is not None}


def join(client, **changes):
    """Send the sign-up form."""
    return client.post(reverse("account_signup"), answers(**changes))


def asking(email):
    """The form that asks for another password, filled in by a person."""
    return {"email": email, "shown": shown_now(ago=60), "website": ""}


def link_in_mail(number=-1):
    """The path of the (only) link in a mail that was sent."""
    [link] = re.findall(r"https?://[^/\s]+(/\S+)", mail.outbox[number].body)
    return link


def follow_link_in_mail(client):
    """Open the link of the newest mail and press the button there."""
    link = link_in_mail()
    assert client.get(link).status_code == 200
    return client.post(link)


def sign_in(client, login, password=PASSWORD, **more):
    """Send the sign-in form."""
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})
