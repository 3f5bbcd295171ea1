"""How long one reading of all likenesses takes (`gallery.look_alikes.nearest`), by how many it looks for. Run by hand, on a
database of its own:

    createdb pixlpix_bench
    DEBUG=1 DATABASE_URL=postgres://postgres@localhost/pixlpix_bench python bench/bench_look_alikes.py --originals 1000000

Without DATABASE_URL it fills an SQLite file (with DATA_DIR, one of its own). Originals are made up to the number that is
asked for, with likenesses at random. Prints the best of three, in seconds by the clock and of this process's own work, and the
memory that it had at most.
"""

import argparse
import os
import resource
import secrets
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from gallery.look_alikes import BATCH, nearest
from gallery.models import Original

ROWS = 10_000
TIMES = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--originals", type=int, default=1_000_000)
    call_command("migrate", verbosity=0)
    fill(parser.parse_args().originals)
    print(f"{connection.vendor}, {Original.objects.count()} originals")
    for many in (1, 8, BATCH):
        wanted = {key: [secrets.token_hex(32), secrets.token_hex(32)] for key in range(many)}
        clock, own = min(timed(wanted) for _ in range(TIMES))
        print(f"{many:4} pictures and their mirror images: {clock:6.2f} s, {own:6.2f} s of work here")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")


def fill(most):
    while (there := Original.objects.count()) < most:
        Original.objects.bulk_create(
            Original(
                sha256=secrets.token_hex(32),
                size=1,
                mime="image/jpeg",
                width=1,
                height=1,
                likeness=secrets.token_hex(32),
            )
            for _ in range(min(ROWS, most - there))
        )


def timed(wanted):
    clock, own = time.perf_counter(), time.process_time()
    nearest(wanted)
    return time.perf_counter() - clock, time.process_time() - own


main()
