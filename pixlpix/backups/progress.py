"""Progress for whoever waits: a bar on a terminal, a line now and then elsewhere."""

import sys

from tqdm import tqdm

LINES = 10  # at most as many where nobody watches a bar


def watched(items, words, *, total=None):
    """Yield `items` while telling on the standard error how far it is; `words` say what is being done."""
    total = len(items) if total is None else total
    if sys.stderr.isatty():
        yield from tqdm(items, total=total, desc=words, unit="")
        return
    step = max(1, -(-total // LINES))
    for number, item in enumerate(items, 1):
        yield item
        if number % step == 0 or number == total:
            sys.stderr.write(f"{words}: {number} of {total}\n")
