"""A small tus client for tests, over Django's test client."""

from django.core.files.storage import storages

from gallery.models import Upload

TUS = {"tus-resumable": "1.0.0"}
PART = "application/offset+octet-stream"


def begin(client, size, body=b"", **headers):
    """The answer to the creation of an upload of `size` bytes, whose first ones `body` brings."""
    headers = {**TUS, "upload-length": str(size), **headers}
    return client.generic("POST", "/uploads/", body, content_type=PART if body else "", headers=headers)


def send(client, address, offset, body, **headers):
    """The answer to a part."""
    headers = {**TUS, "upload-offset": str(offset), **headers}
    return client.generic("PATCH", address, body, content_type=PART, headers=headers)


def ask(client, address):
    return client.head(address, headers=TUS)


def cancel(client, address):
    return client.delete(address, headers=TUS)


def send_all(client, content, part):
    """Send `content` in parts of `part` bytes; returns the Upload."""
    response = begin(client, len(content), content[:part])
    address = response["Location"]
    for offset in range(part, len(content), part):
        response = send(client, address, offset, content[offset : offset + part])
        assert response.status_code == 204, response.content
    return Upload.objects.get(key=address.split("/")[2])


def in_scratch():
    """Names of the parts that are kept."""
    return [name for name, _size, _modified in storages["default"].list_names("uploads/")]


def in_the_vault():
    return [name for name, _size, _modified in storages["vault"].list_names("originals/")]
