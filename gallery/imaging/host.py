"""The way to the decoder's process (`decoder.serve`): started once a web or worker process, at its first picture.

It is a process of its own, and not a fork of this one, so that a decoder that a hostile file has taken over finds no key,
no connection and no memory of the site; and so that forking a child for each picture costs two milliseconds.
"""

import atexit
import json
import logging
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from .refusals import DecoderUnavailable

logger = logging.getLogger(__name__)

AT_ONCE = 2  # jobs of one process at the same time: each may use as much memory as the limit says
SPARE_SECONDS = 10  # beyond the job's own limit, for a machine that is busy
START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]);from decoder.serve import main; main(int(sys.argv[2]))"
# Where the interpreter and its libraries lie, on platforms that say so by the environment.
KEPT = ("LD_LIBRARY_PATH", "PYTHONHOME")
# One arena: each further one would take 64 MB of addresses from the limit.
OWN = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}


class Gone(Exception):
    """The host has ended, or does not answer."""


class Host:
    """One running host process."""

    def __init__(self):
        self.control, theirs = socket.socketpair()
        paths = [str(Path(__file__).parent), *(os.path.abspath(path) for path in sys.path)]
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 (our own interpreter, on our own code)
                [sys.executable, "-s", "-S", "-P", "-c", START, json.dumps(paths), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in KEPT if name in os.environ} | OWN,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl+C is for the process that uses it, which may finish its picture
            )
        self.sending = threading.Lock()

    def run(self, input, output, job):
        """Do one job on two file descriptors: {"status", "seconds", "memory"} of the child. Raises Gone."""
        ours, theirs = socket.socketpair()
        with ours:
            try:
                with theirs:
                    ours.sendall(json.dumps(job).encode() + b"\n")
                    with self.sending:
                        socket.send_fds(self.control, [b"j"], [input, output, theirs.fileno()])
                ours.settimeout(job["wall_seconds"] + SPARE_SECONDS)
                with ours.makefile("rb") as lines:
                    told = lines.readline()
            except OSError as error:
                raise Gone(str(error) or type(error).__name__) from error
        if not told:
            raise Gone("it ended")
        return json.loads(told)

    def close(self):
        """End the process. It ends by itself where this one does."""
        self.control.close()
        self.process.kill()
        self.process.wait()

    def leave(self):
        """In a fork of the process that started it: it is another's, and lives as long as that one."""
        self.control.close()
        self.process.returncode = 0  # not ours to wait for


_host = None
_starting = threading.Lock()
_room = threading.BoundedSemaphore(AT_ONCE)


def run(input, new_output, job):
    """Do one job by the host of this process: (report, output file). A host that has ended is started once more.

    `new_output` makes an empty file for each try: what is left of the one before may still be writing into its own.
    Raises DecoderUnavailable.
    """
    with _room:
        for last in (False, True):
            output = new_output()
            try:
                host = current()
                return host.run(input, output.fileno(), job), output
            except (Gone, OSError) as error:
                output.close()
                logger.warning("The decoder's process is gone: %s", error)
                if isinstance(error, Gone):
                    discard(host)
                if last:
                    raise DecoderUnavailable(str(error)) from error
    raise AssertionError  # one of the two tries has answered or raised


def current():
    """The host of this process, started where there is none."""
    global _host
    with _starting:
        if _host is None:
            _host = Host()
        return _host


def discard(host):
    global _host
    with _starting:
        if _host is host:
            _host = None
    host.close()


def forget():
    """After a fork, in the child: it starts a host of its own when it needs one."""
    global _host, _starting, _room
    if _host is not None:
        _host.leave()
    _host, _starting, _room = None, threading.Lock(), threading.BoundedSemaphore(AT_ONCE)


def stop():
    """At the end of this process."""
    if _host is not None:
        discard(_host)


os.register_at_fork(after_in_child=forget)
atexit.register(stop)
