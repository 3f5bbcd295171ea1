"""How long a page of search takes on PostgreSQL, by what is looked for. Run by hand, on a database of its own:

    createdb pixlpix_bench
    DEBUG=1 DATABASE_URL=postgres://postgres@localhost/pixlpix_bench python bench/bench_search.py --posts 200000

Fills the database by set-based SQL unless it holds that many posts, then prints the median and the slowest of 9 pages in
milliseconds, and how many queries a page took. Refuses a database with members who are not its own.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

import django

django.setup()

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.filled import fill
from community.visibility import posts_for
from gallery.models import PostPage
from search.backends import engine_of
from search.query import parse

QUERIES = [
    ("a word in no post", "nowhere"),
    ("a word in one of 20,000", "seldom"),
    ("a word in a tenth", "tenth"),
    ("a word in every post", "everywhere"),
    ("a word in the older half", "formerly"),
    ("two common words", "tenth everywhere"),
    ("two common words that never meet", "tenth other"),
    ("a common word without a common one", "tenth -other"),
    ("a common word without what is everywhere", "tenth -everywhere"),
    ("a rare phrase", '"seldom seen"'),
    ("a common phrase", '"left between right"'),
    ("a phrase of common words that never stand so", '"right left"'),
    ("a common word without a common phrase", 'everywhere -"left between"'),
    ("sixteen words", "everywhere " + " ".join(f"w{n}" for n in range(15))),
]


def measure(text, pages=9):
    """Median and slowest time of the first page in milliseconds, its queries, and how many posts it holds."""
    engine, query, times = engine_of(), parse(text), []
    for _ in range(pages):
        start = time.perf_counter()
        page = engine.find(query, posts_for(None).listed())
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        engine.find(query, posts_for(None).listed())
    return statistics.median(times), max(times), len(captured), page


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--posts", type=int, default=200_000)
    arguments = arguments.parse_args()
    if connection.vendor != "postgresql":
        print("bench_search: set DATABASE_URL=postgres://… to a database of its own; nothing measured.")
        return
    fill(arguments.posts)
    print(f"{PostPage.objects.count():,} posts")
    for label, text in QUERIES:
        median, slowest, queries, page = measure(text)
        found = f"{len(page)} posts" + (", and further back" if page.next else "")
        print(f"{label:46} {median:7.1f} {slowest:7.1f} ms {queries:3} queries  {found}")


if __name__ == "__main__":
    main()
