"""An anonymous person's view: pages of the site, and files on whatever stands for the media host."""

import requests
from django.core.files.storage import storages


def media_host():
    """What the address of every public file begins with: a path of the site, or the S3 server's bucket."""
    return storages["media"].url("name").removesuffix("name")


def fetch(client, url):
    """The answer to a GET of `url`: from the site for a path, over HTTP and without any key for anything else."""
    return client.get(url) if url.startswith("/") else requests.get(url, timeout=10, allow_redirects=False)


def body_of(response):
    """The bytes of an answer of `fetch`, of a file as well."""
    return b"".join(response.streaming_content) if getattr(response, "streaming", False) else response.content
