"""The rehearsal: the newest snapshot restored into a scratch database and folder, counted, compared, and looked at.

It runs in a process of its own, whose settings know nothing of the site's database and buckets:

    python -m pixlpix.backups.drilling DIR SNAPSHOT [IDENTITY]
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .errors import BackupError

SEARCHED = "light"
# What the scratch process must not know: where the site's data lie, and whom it may reach.
NOT_HERS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "VAULT_BUCKET",
    "MEDIA_BUCKET",
    "S3_ENDPOINT_URL",
    "CACHE_URL",
)
NOT_HERS += ("MEDIA_HOST", "CDN_ENDPOINT_ID", "CDN_TOKEN", "CDN_URL", "EMAIL_URL", "MAINTENANCE", "RECEIPT_SITE_URL")


def drill(place, name, *, engine, database_url="", live_url="", identity=None):
    """Restore snapshot `name` to a scratch place and look at it; returns {"rows", "originals", "pages", "problems"}.

    Raises BackupError where there is no scratch database to do it in.
    """
    with tempfile.TemporaryDirectory(prefix="pixlpix-drill-") as scratch:
        url = f"sqlite:///{scratch}/drill.sqlite3"
        if engine == "postgresql":
            url = checked_url(database_url, live_url)
        environment = {**os.environ, **dict.fromkeys(NOT_HERS, "")}
        environment |= {
            "DATA_DIR": scratch,
            "DATABASE_URL": url,
            "DEBUG": "1",
            "LOG_LEVEL": "ERROR",
            "ALLOWED_HOSTS": "*",
        }
        environment |= {"DJANGO_SETTINGS_MODULE": "pixlpix.settings", "CACHE_URL": "locmemcache://", "MAINTENANCE": "0"}
        command = [sys.executable, "-m", __name__, str(place), name, *([str(identity)] if identity else [])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise BackupError(f"The drill broke off: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def checked_url(url, live_url):
    """The address of the scratch database. Raises BackupError where it is none, or might be anybody's but the drill's."""
    if not url:
        raise BackupError(
            "Set DRILL_DATABASE_URL to a database of its own, whose name contains “drill”: it is overwritten."
        )
    if "drill" not in url.rpartition("/")[2] or url == live_url:
        raise BackupError(
            "DRILL_DATABASE_URL must name a database whose name contains “drill”: all in it is overwritten."
        )
    return url


# --- In the scratch process -------------------------------------------------------------------------------------------


def rehearse(folder, name, identity=None):
    """Do it; returns what `drill` returns."""
    from django.core.management import call_command

    from . import databases, manifest, stores
    from .place import Place
    from .restoring import forget_what_was_known, unknown_to
    from .sealing import open_into, read_identities

    place, identities = Place(folder), read_identities(identity)
    made = manifest.read(place.folder_of(name))
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch, made.database_file)
        with dump.open("wb") as file:
            open_into(place.folder_of(name) / made.database_file, file, identities)
        databases.load(dump)
    forget_what_was_known()
    counted = databases.rows_of_live()
    for table in sorted(made.rows.keys() | counted.keys()):
        if made.rows.get(table) != counted.get(table):
            problems.append(f"{table} has {counted.get(table)} rows, the manifest says {made.rows.get(table)}")
    if unknown_to(made.migrations):
        call_command("migrate", interactive=False, verbosity=0)
    # Each is compared with its hash on its way.
    originals = stores.put_originals_back(place, made, identities)
    pages, wrong = look_at_pages()
    if os.environ["DATABASE_URL"].startswith("postgres"):
        databases.clear()
    return {"rows": sum(counted.values()), "originals": originals, "pages": pages, "problems": problems + wrong}


def look_at_pages():
    """(how many pages were looked at as a visitor, [which did not answer as they should])."""
    from django.test import Client

    client, wrong = Client(), []
    addresses = some_addresses()
    for address in addresses:
        try:
            status = client.get(address, follow=True).status_code
        except Exception as error:
            status = repr(error)
        if status != 200:
            wrong.append(f"{address} answered {status}")
    return len(addresses), wrong


def some_addresses():
    """The front page, search, and the newest post with its gallery and its member, where there is one."""
    from django.urls import reverse

    from community.models import User
    from gallery.models import PostPage

    addresses = ["/", f"{reverse('search')}?q={SEARCHED}"]
    shown = PostPage.objects.listed().filter(author__in=User.objects.members()).select_related("author", "gallery")
    post = shown.order_by("-published_at").first()
    if post is not None:
        addresses += [post.address(), post.gallery.address(), post.author.get_absolute_url()]
    return addresses


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(rehearse(*sys.argv[1:])) + "\n")
