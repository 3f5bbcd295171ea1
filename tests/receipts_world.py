"""The site as receipts see it, and the receipt that was written last."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from community.models import Receipt
from tests.visiting import body_of

SITE = "http://testserver"


class Site:
    """The site as receipts see it: what they ask for is answered by Django's test client, but for `stubs`.

    A media host elsewhere (the S3 server's) answers for itself, by `elsewhere`.
    """

    def __init__(self, client, elsewhere):
        self.client, self.elsewhere, self.stubs, self.asked = client, elsewhere, {}, []

    def get(self, session, url, **kwargs):
        assert not session.cookies and not session.trust_env
        path = url.removeprefix(SITE)
        self.asked.append(path)
        if path in self.stubs:
            found = self.stubs[path]
            if isinstance(found, Exception):
                raise found
            status, body, location = found
        elif path.startswith("http"):
            return self.elsewhere(session, url, **kwargs)
        else:
            answer = self.client.get(path)
            status, body, location = answer.status_code, body_of(answer), answer.get("Location")
        response = requests.Response()
        response.status_code, response._content, response._content_consumed = status, body, True
        if location:
            response.headers["Location"] = location
        return response


@pytest.fixture
def site(client, settings, monkeypatch):
    """The site is asked, though by nobody before a test says so: tasks wait for `check`."""
    site = Site(client, requests.Session.get)
    settings.SITE_URL = settings.RECEIPT_SITE_URL = SITE
    monkeypatch.setattr("community.actions.write_receipt.enqueue", lambda pk: None)
    monkeypatch.setattr(requests.Session, "get", lambda session, url, **kwargs: site.get(session, url, **kwargs))
    return site


def newest():
    return Receipt.objects.order_by("-pk").first()


def alarmed(receipt):
    """The receipt long enough after its act, and due."""
    Receipt.objects.filter(pk=receipt.pk).update(made_at=timezone.now() - timedelta(hours=1))
