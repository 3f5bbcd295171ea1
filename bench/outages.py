"""Each thing that the site stands on taken away for ten seconds in turn, under light load. Run by hand, on an idle machine:

    DEBUG=1 DATABASE_URL=postgres://postgres@localhost/pixlpix_outages python bench/outages.py --seconds 10

Makes the database, fills it with one member and one post, starts gunicorn with two processes, a worker, Redis and SeaweedFS,
prints how many answers there were by status, the slowest, how soon /readyz saw it go and come back, and what was lost; and
drops the database.
"""

import argparse
import collections
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

from tests import s3, stack

os.environ |= {
    "SECRET_KEY": stack.SITE_SECRET,
    "VAULT_BUCKET": s3.VAULT_BUCKET,
    "MEDIA_BUCKET": s3.MEDIA_BUCKET,
    "S3_ADDRESSING_STYLE": "path",
    "S3_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": s3.ACCESS_KEY,
    "AWS_SECRET_ACCESS_KEY": s3.SECRET_KEY,
}


def fill():
    """In a process of its own: a member with a session and a post; prints the session's key and the post's address."""
    import django

    django.setup()
    from tests.factories import a_member, a_post
    from tests.stack import session_of

    ana = a_member("ana")
    print(session_of(ana), a_post(ana).address())


def run(seconds, folder):
    from django.conf import settings

    database = dict(settings.DATABASES["default"])
    stack.administer(database, f'CREATE DATABASE "{database["NAME"]}"')
    process, server = s3.start(folder)
    running = None
    try:
        os.environ["S3_ENDPOINT_URL"] = server.endpoint
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, check=True)
        filled = subprocess.run(
            [sys.executable, __file__, "--fill"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        session, address = filled.stdout.split()[-2:]
        running = stack.Stack(folder, database=database, endpoint=server.endpoint)
        running.wait_for("ready", True)
        for part in ("database", "cache", "storage"):
            one(running, part, seconds, session, address)
    finally:
        if running:
            running.stop()
        process.kill()
        process.wait()
        stack.drop_database(database)


def one(running, part, seconds, session, address):
    """Take `part` away for so many seconds, and print what happened."""
    load = stack.Load(running, session, ["/", address, "/members/ana/"])
    time.sleep(3)
    running.doors[part].shut()
    gone = running.wait_for(part, "failed")
    time.sleep(max(0.0, seconds - gone))
    running.doors[part].open()
    back = running.wait_for("ready", True)
    time.sleep(3)
    load.stop()
    lost = stack.wait_until_shown(running, load.promised)
    statuses = dict(collections.Counter(str(status) for status, _seconds in load.answers))
    slowest = max(seconds for _status, seconds in load.answers)
    print(
        f"{part}: seen gone after {gone:.1f} s, ready {back:.1f} s after it was back; "
        f"answers {statuses}, slowest {slowest:.1f} s; "
        f"{len(load.promised)} posts promised, {len(lost)} lost; all processes lived: {running.all_live()}",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill()
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(options.seconds, Path(folder))
