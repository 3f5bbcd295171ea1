"""What publishing, reading and taking down cost on PostgreSQL, by the number of posts. Run by hand, on a database of its own:

    createdb pixlpix_bench
    DEBUG=1 DATABASE_URL=postgres://postgres@localhost/pixlpix_bench python bench/bench_publish.py --posts 1000000

Prints the median of 15 in milliseconds and the queries of one. Publishing is `publish_post` of a post whose one photo is in
the vault already, tasks queued and not run; pages are asked for by a visitor through Django's test client.
"""

import argparse
import io
import os
import secrets
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

import django

django.setup()

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from bench.filled import fill
from community.models import User
from community.visibility import posts_for
from gallery.actions.publish_post import publish_post
from gallery.actions.store_original import store_original
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage, PostPage
from gallery.tasks import process_photo

TIMES = 15


def an_original():
    file = io.BytesIO()
    Image.frombytes("RGB", (64, 48), secrets.token_bytes(64 * 48 * 3)).save(file, "JPEG")
    file.seek(0)
    return store_original(file)


def measured(label, prepare, act):
    """Print the median time of `act(prepare())` in milliseconds, and its queries."""
    times = []
    for _ in range(TIMES):
        given = prepare()
        start = time.perf_counter()
        act(given)
        times.append((time.perf_counter() - start) * 1000)
    given = prepare()
    with CaptureQueriesContext(connection) as captured:
        act(given)
    print(f"{label:34} {statistics.median(times):7.1f} ms {len(captured):4} queries")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--posts", type=int, default=200_000)
    arguments = arguments.parse_args()
    if connection.vendor != "postgresql":
        print("bench_publish: set DATABASE_URL=postgres://… to a database of its own; nothing measured.")
        return
    fill(arguments.posts)
    settings.ALLOWED_HOSTS = ["*"]
    author = User.objects.get(username="bencha")
    gallery = GalleryPage.objects.get(author=author)

    def publish(original):
        return publish_post(author, gallery, [(original, "Noise")], caption="A published post, for the benchmark")

    def a_visible_post():
        post = publish(an_original())
        for photo in post.photos.all():
            process_photo.func(photo.pk)
        return post

    def get(path):
        cache.clear()
        response = Client().get(path)
        assert response.status_code == 200, (path, response.status_code)

    print(f"{PostPage.objects.count():,} posts")
    measured("publish a post", an_original, publish)
    measured("withdraw it, files and all", a_visible_post, lambda post: withdraw_post(post, by=author))
    newest = posts_for(None).listed().order_by("-published_at")[0]
    middle = posts_for(None).listed().order_by("published_at")[0]
    for path in ("/", "/members/", author.get_absolute_url(), gallery.address(), newest.address(), middle.address()):
        measured(f"GET {path}", lambda path=path: path, get)


if __name__ == "__main__":
    main()
