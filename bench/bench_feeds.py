"""How long pages of people and lists take on PostgreSQL, by how many a member follows. Run by hand, on a database of its own:

    createdb pixlpix_bench_feeds
    DEBUG=1 DATABASE_URL=postgres://postgres@localhost/pixlpix_bench_feeds python bench/bench_feeds.py --posts 300000

Fills the database by set-based SQL (12,000 members, as many likes as posts, half as many comments) and prints the median,
the quickest and the slowest of 9 answers in milliseconds, through Django's test client with a cold cache, and the queries of
one. On a busy machine the quickest and the ratios say most. Members called quiet… follow people who shared nothing in the
newest tenth: the home feed's second way. Refuses a database that holds posts already.
"""

import argparse
import logging
import os
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
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import cloning
from bench.bench_publish import an_original
from community.actions.create_account import create_account
from community.explore import renew_explore
from community.models import Comment, Notification, PolicyVersion
from gallery.actions.publish_post import publish_post
from gallery.models import GalleryPage, Hashtag, PostPage
from gallery.tasks import process_photo

MEMBERS, TIMES = 12_000, 9
FOLLOWED = (10, 1_000, 10_000)


def a_member(name):
    return create_account(
        username=name, email=f"{name}@example.org", name=name, password=name * 4, policy=PolicyVersion.objects.current(),
        confirmed_age=16, verified=True,
    )  # fmt: skip


def fill(posts):
    """The database, and the members who look: {label: member}."""
    call_command("migrate", verbosity=0)
    if PostPage.objects.exists():
        sys.exit("This database holds posts: drop it and make it anew.")
    ana = a_member("bench")
    post = publish_post(ana, GalleryPage.objects.get(author=ana), [(an_original(), "A picture")], caption="Light")
    process_photo.func(post.photos.get().pk)
    post = PostPage.objects.select_related("author", "gallery").get(pk=post.pk)
    comment = Comment.objects.create(post=post, author=ana, text="Yes")
    told = Notification.objects.create(recipient=ana, kind="mention", post=post)
    tag = Hashtag.objects.create(name="dawn")
    cloning.fill(
        post, comment, told, members=MEMBERS, posts=posts, likes=posts, comments=posts // 2, notifications=posts // 2,
        hashtag=tag,
    )  # fmt: skip
    people = {}
    for number, many in enumerate(FOLLOWED):
        people[f"{many:,} followed"] = member = a_member("walks" + "abc"[number])
        cloning.follow(member, many)
        people[f"{many:,} followed who are quiet"] = member = a_member("quiet" + "abc"[number])
        cloning.follow_quiet(member, many, posts // 10)
    renew_explore()
    cloning.run("ANALYZE")
    return people


def measure(label, url, member=None):
    """Print what one page takes."""
    client = Client()
    if member:
        client.force_login(member)
    times = []
    for _ in range(TIMES):
        cache.clear()
        start = time.perf_counter()
        status = client.get(url).status_code
        times.append((time.perf_counter() - start) * 1000)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    asked = sum(float(query["time"]) for query in captured.captured_queries) * 1000
    print(
        f"{label:48} {statistics.median(times):8.1f} {min(times):8.1f} {max(times):8.1f} ms "
        f"{len(captured):3} queries, {asked:6.0f} ms in them" + (f"  {status}" if status != 200 else "")
    )


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--posts", type=int, default=300_000)
    arguments = arguments.parse_args()
    if connection.vendor != "postgresql":
        print("bench_feeds: set DATABASE_URL=postgres://… to a database of its own; nothing measured.")
        return
    logging.disable(logging.WARNING)
    settings.ALLOWED_HOSTS = ["*"]
    people = fill(arguments.posts)
    post = PostPage.objects.select_related("author", "gallery").order_by("published_at")[arguments.posts // 2]
    print(f"{PostPage.objects.count():,} posts by {MEMBERS:,} members")
    for label, member in people.items():
        measure(f"home feed, {label}", "/home/", member)
    pages = {
        "front page": "/",
        "explore": "/explore/",
        "a member's page": post.author.get_absolute_url(),
        "a gallery": post.gallery.address(),
        "a post": post.address(),
        "comments of a post": f"/p/{post.short_id}/comments/",
        "a hashtag": "/tags/dawn/",
        "a member's feed": f"/feeds/members/{post.author.username}/atom/",
    }
    for label, url in pages.items():
        measure(f"{label}, visitor", url)
        measure(f"{label}, member", url, people["1,000 followed"])


if __name__ == "__main__":
    main()
