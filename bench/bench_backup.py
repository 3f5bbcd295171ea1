"""How long a backup of many small originals takes, and a second one with nothing new:

    DEBUG=1 python bench/bench_backup.py [--originals 10000] [--bytes 60000] [--encrypt]

In a folder for temporary files, with a migrated SQLite database and a vault of its own. Prints both times, their ratio, how
many bytes of images each read from the vault, and how long it takes to read and hash all of it again.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
scratch = tempfile.TemporaryDirectory(prefix="pixlpix-bench-")
os.environ |= {"DATA_DIR": scratch.name, "DATABASE_URL": f"sqlite:///{scratch.name}/db.sqlite3", "LOG_LEVEL": "ERROR"}
os.environ |= {"VAULT_BUCKET": "", "MEDIA_BUCKET": ""}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

import django

django.setup()

import pyrage
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from gallery.models import Original
from gallery.models.originals import name_in_vault
from pixlpix.backups.place import Place
from pixlpix.backups.sealing import Sealing
from pixlpix.backups.taking import take
from pixlpix.backups.verifying import Verification


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--originals", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=60_000)
    parser.add_argument("--encrypt", action="store_true")
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    fill(arguments.originals, arguments.bytes)
    read = counted_reads()
    place = Place(Path(scratch.name, "backups")).prepare()
    recipients = [str(pyrage.x25519.Identity.generate().to_public())] if arguments.encrypt else []
    times = []
    for number in (1, 2):
        read.clear()
        began = time.perf_counter()
        take(place, sealing=Sealing(recipients))
        times.append(time.perf_counter() - began)
        print(f"run {number}: {times[-1]:.2f} s, {len(read)} images read, {sum(read)} bytes")
    print(f"the second takes {100 * times[1] / times[0]:.1f} % of the first")
    began = time.perf_counter()
    verification = Verification(place)
    verification.everything()
    print(f"verified: {verification.files} files, {time.perf_counter() - began:.2f} s, {verification.problems}")


def fill(number, size):
    rows = []
    for _ in range(number):
        content = os.urandom(size)
        sha256 = hashlib.sha256(content).hexdigest()
        storages["vault"].save(name_in_vault(sha256), ContentFile(content))
        rows.append(Original(sha256=sha256, size=size, mime="image/jpeg", width=400, height=300))
    Original.objects.bulk_create(rows, batch_size=500)


def counted_reads():
    """Note the size of every original that is read from the vault from now on."""
    kind, read = type(storages["vault"]), []
    real = kind._open

    def noting(self, name, mode="rb"):
        if name.startswith("originals/"):
            read.append(self.size(name))
        return real(self, name, mode)

    kind._open = noting
    return read


if __name__ == "__main__":
    main()
