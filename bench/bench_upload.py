"""What one request costs that stores a 12-megapixel photograph, without publishing it. Run by hand:

    DEBUG=1 python bench/bench_upload.py

Prints the median of 15 in milliseconds, by the clock and of processor time (Django's test client, all middleware, local
folders and SQLite below the temporary folder, or the database of DATABASE_URL), and the queries of one. Each file is another
one, of real JPEG bytes.
"""

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")
folder = tempfile.TemporaryDirectory()
# Before the settings are read: nothing of this goes into anybody's data. DATABASE_URL, where it is set, still counts.
os.environ["DATA_DIR"] = folder.name
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

import numpy
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from community.models import User
from gallery.models import Upload
from tests.factories import a_member
from tests.uploading import begin, send

TIMES = 15
WIDTH, HEIGHT = 4000, 3000


def photograph():
    """The bytes of a JPEG of 12 megapixels: soft shapes with a camera's noise, 4 to 6 MB as cameras write them."""
    noise = numpy.random.default_rng(12)
    soft = Image.fromarray(noise.integers(0, 255, (HEIGHT // 50, WIDTH // 50, 3), numpy.uint8))
    pixels = numpy.asarray(soft.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)).astype(numpy.int16)
    pixels = pixels + noise.normal(0, 10, pixels.shape).astype(numpy.int16)
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


def another(content, number):
    """The same picture as another file: what stands behind a JPEG's end is no part of the picture."""
    return content + f"{number}-{time.time_ns()}".encode()


def measured(label, prepare, act):
    """Print the median times of `act(prepare(number))` in milliseconds, and its queries."""
    times, worked = [], []
    for number in range(TIMES):
        given = prepare(number)
        start, started = time.perf_counter(), time.process_time()
        response = act(given)
        times.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - started) * 1000)
        assert response.status_code in (201, 204), response.content
    given = prepare(TIMES)
    with CaptureQueriesContext(connection) as captured:
        act(given)
    medians = f"{statistics.median(times):7.1f} ms {statistics.median(worked):7.1f} ms of processor time"
    print(f"{label:36} {medians} {len(captured):4} queries")


def main():
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["*"]
    member = User.objects.filter(username="bencha").first() or a_member("bencha")
    client = Client()
    client.force_login(member)
    client.get("/settings/")
    content = photograph()
    part = settings.UPLOAD_PART_BYTES
    print(f"one JPEG of {WIDTH * HEIGHT / 1e6:.0f} megapixels, {len(content) / 1e6:.1f} MB, on {connection.vendor}")

    measured(
        "the whole file with the creation",
        lambda number: another(content, number),
        lambda file: begin(client, len(file), file),
    )

    def begun(number):
        file = another(content, number)
        return begin(client, len(file))["Location"], file

    measured("the whole file as one part", begun, lambda given: send(client, given[0], 0, given[1]))

    def nearly_there(number):
        file = another(content, number)
        first = min(part, len(file) // 2)
        address = begin(client, len(file), file[:first])["Location"]
        return address, first, file[first:]

    measured("the last part of it, put together", nearly_there, lambda given: send(client, *given))
    assert not Upload.objects.unfinished().exists()


if __name__ == "__main__":
    try:
        main()
    finally:
        folder.cleanup()
