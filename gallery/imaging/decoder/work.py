"""One job in a child process of its own, which ends with it: limits, decoding, writing, and how it says what went wrong."""

import errno
import json
import os
import resource
import signal

from . import outputs
from .animation import TooManyFrames
from .pixels import TooManyPixels, opened

# How the child ends where it cannot write down why.
OUT_OF_MEMORY, NO_ROOM = 12, 13
MOST_OUTPUT = 256 * 1024 * 1024  # bytes
MOST_OPEN = 64  # files
NOT_THE_PICTURE = (errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ESTALE)


def run(input, output, job):
    """Do one job (a dict: see `making.decode`) on two open file descriptors. Returns the exit code of the process."""
    try:
        limit(job["seconds"], job["wall_seconds"], job["memory"])
        with os.fdopen(input, "rb") as file:
            facts, files = result(file, job)
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as error:
        if error.errno in NOT_THE_PICTURE:
            return NO_ROOM
        facts, files = refusal(error), []
    except Exception as error:  # truncated data, bad checksums, lying heads: every decoder has its own words
        facts, files = refusal(error), []
    try:
        write(output, facts, files)
    except OSError as error:
        return OUT_OF_MEMORY if error.errno == errno.EFBIG else NO_ROOM
    return 0


def limit(seconds, wall_seconds, memory):
    """Processor seconds, seconds by the clock (a decoder that waits for ever uses no processor), bytes of memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN, MOST_OPEN))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)


def result(file, job):
    """(facts, files) of a job, from an open file. Raises whatever the decoder stumbles over."""
    with opened(file, job["decoder"], job["most_pixels"]) as image:
        return outputs.KINDS[job["kind"]](image, job)


def refusal(error):
    """What is written down of a failure: a code, its number of pixels, and the decoder's own words for the log."""
    words = f"{type(error).__name__}: {error}"[:300]
    if isinstance(error, TooManyPixels):
        return {"refused": "too_many_pixels", "pixels": error.pixels, "words": words}
    if isinstance(error, TooManyFrames):
        return {"refused": "too_many_frames", "words": words}
    if type(error).__name__.startswith("DecompressionBomb"):
        return {"refused": "too_many_pixels", "pixels": 0, "words": words}
    # The libraries below Pillow say in their own words that they were given no memory.
    costly = any(word in words.lower() for word in ("memory", "alloc"))
    return {"refused": "too_costly" if costly else "broken", "words": words}


def write(output, facts, files):
    """Facts as JSON behind their length, then the bytes of all files in a row."""
    facts = facts | {
        "files": [
            (spec, width, height, *outputs.TYPES[format], len(data)) for spec, width, height, format, data in files
        ]
    }
    head = json.dumps(facts).encode()
    with os.fdopen(output, "wb") as file:
        file.write(len(head).to_bytes(4, "big") + head)
        for *_facts, data in files:
            file.write(data)
