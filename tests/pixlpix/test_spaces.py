"""What DigitalOcean Spaces needs and the test server does not: requests as they would go out, none of which does."""

import pytest
from botocore.awsrequest import AWSResponse
from django.core.files.base import ContentFile

from pixlpix.storages import S3Media

PUBLIC = "0123456789abcdef0123456789abcdef/photo/320.webp"


@pytest.fixture
def sent(monkeypatch):
    """The requests that would have gone out, as botocore prepared them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test-access")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test-secret-key")
    sent = []

    def record(self, request):
        sent.append(request)
        page = (
            b"<ListBucketResult><Contents><Key>%s</Key><Size>1</Size></Contents></ListBucketResult>" % PUBLIC.encode()
        )
        raw = type("Raw", (), {"stream": lambda self, *_, **__: iter([page]), "read": lambda self, *_: page})()
        return AWSResponse(request.url, 200, {}, raw)

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", record)
    return sent


def media(**options):
    return S3Media(
        bucket_name="pictures", region_name="fra1", endpoint_url="https://fra1.digitaloceanspaces.com", **options
    )


def test_bulk_delete_carries_content_md5(sent):
    media()._remove_batch([{"Key": PUBLIC}])
    assert sent[-1].headers["Content-MD5"]


def test_public_files_say_that_they_are_public_where_asked_to(sent):
    media(default_acl="public-read").save(PUBLIC, ContentFile(b"bytes"))
    assert sent[-1].headers["x-amz-acl"] == b"public-read"


def test_files_say_nothing_of_access_otherwise(sent):
    media().save(PUBLIC, ContentFile(b"bytes"))
    assert "x-amz-acl" not in sent[-1].headers


def test_files_are_sent_without_checksums_that_it_does_not_know(sent):
    media().save(PUBLIC, ContentFile(b"bytes"))
    assert not [name for name in sent[-1].headers if name.lower().startswith(("x-amz-checksum", "x-amz-trailer"))]


def test_address_is_on_the_media_host():
    assert media(custom_domain="img.pixlpix.example").url(PUBLIC) == f"https://img.pixlpix.example/{PUBLIC}"
