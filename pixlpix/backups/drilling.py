"""The rehearsal: the newest snapshot restored into a scratch database and folder, counted, compared, and looked at.

It runs in a process of its own, whose settings know nothing of the site's database and buckets:

    python -m pixlpix.backups.drilling DIR SNAPSHOT [IDENTITY]
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path

import environ

from .errors import BackupError

SEARCHED = "light"
LINES_KEPT = 40  # of what a drill said that broke off
# What the scratch process must not know: where the site's data lie, whom it may reach, and with which keys.
NOT_HERS = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "SITE_URL", "DRILL_DATABASE_URL", "RECEIPT_SITE_URL")
NOT_HERS += ("VAULT_BUCKET", "MEDIA_BUCKET", "S3_ENDPOINT_URL", "S3_REGION")
NOT_HERS += ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "MEDIA_HOST", "MEDIA_ACL", "MEDIA_ORIGIN_URL")
NOT_HERS += ("CDN_URL", "CDN_API_URL", "CDN_ENDPOINT_ID", "CDN_TOKEN")
NOT_HERS += ("EMAIL_URL", "MAIL_API_KEY", "MAIL_API_URL", "ALERT_EMAILS", "METRICS_TOKEN", "ERROR_REPORTING_DSN")


def drill(place, name, *, engine, database_url="", live_name="", identity=None):
    """Restore snapshot `name` to a scratch place and look at it; returns {"rows", "originals", "pages", "problems"}.

    Raises BackupError where there is no scratch database to do it in.
    """
    with tempfile.TemporaryDirectory(prefix="pixlpix-drill-") as scratch:
        url = f"sqlite:///{scratch}/drill.sqlite3"
        if engine == "postgresql":
            url = checked_url(database_url, live_name)
        environment = scratch_environment(os.environ, scratch, url)
        command = [sys.executable, "-m", __name__, str(place), name, *([str(identity)] if identity else [])]
        return answer_of(command, environment, Path(scratch, "answer.json"))


def answer_of(command, environment, path):
    """What `command` answers as JSON, by way of the file `path`; what it tells meanwhile is told as it comes."""
    said = deque(maxlen=LINES_KEPT)
    with (
        path.open("w") as answer,
        subprocess.Popen(  # noqa: S603
            command, env=environment, stdout=answer, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        for line in process.stderr:
            sys.stderr.write(line)
            said.append(line)
    if process.returncode:
        raise BackupError(f"The drill broke off: {''.join(said).strip()[-2000:]}")
    return json.loads(path.read_text().splitlines()[-1])


def scratch_environment(ours, scratch, database_url):
    """The environment of the process that rehearses, made from `ours`: nothing in it leads to the site."""
    # Empty, and not left out: what is left out would be read from .env.
    return {
        **ours,
        **dict.fromkeys(NOT_HERS, ""),
        "DJANGO_SETTINGS_MODULE": "pixlpix.settings",
        "DATA_DIR": scratch,
        "DATABASE_URL": database_url,
        "CACHE_URL": "locmemcache://",
        "DEBUG": "1",
        "LOG_LEVEL": "ERROR",
        "ALLOWED_HOSTS": "*",
        "MAINTENANCE": "0",
    }


def checked_url(url, live_name):
    """The address of the scratch database. Raises BackupError where it is none, or might be anybody's but the drill's.

    `live_name` is how the site's database is called: hosts have many names, so none of that name will do anywhere.
    """
    if not url:
        raise BackupError(
            "Set DRILL_DATABASE_URL to a database of its own, whose name contains “drill”: it is overwritten."
        )
    name = environ.Env.db_url_config(url)["NAME"]
    if "drill" not in name or name == live_name:
        raise BackupError(
            f"DRILL_DATABASE_URL names the database “{name}”. It must be one whose name contains “drill”, and not the "
            "site's own: all in it is overwritten."
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
