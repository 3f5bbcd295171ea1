"""The process that waits for jobs: it has read the libraries, forks one child for each job, and says how that ended.

It trusts nobody with anything: it is started without the web process's environment, memory and open files, and touches
no picture itself. It ends when the process that started it does.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,  # noqa: F401  (reads EXIF for Pillow; its decoder goes with the others below)
    WebPImagePlugin,
)
from pillow_heif import HeifImageFile, register_heif_opener

from . import work

# Every other decoder is shut out: each is one more way in for a hostile file. JPEG by its own reader: Pillow's usual way
# would look for further pictures in it.
DECODERS = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "HEIF": HeifImageFile,
}
ENCODERS = ("JPEG", "PNG", "WEBP")


def prepare():
    """Leave Pillow the decoders and encoders that we use, and no way to load another one."""
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    Image._initialized = 2  # else Pillow loads the rest where it does not find a format
    Image.OPEN.clear()
    Image.ID.clear()
    for name, decoder in DECODERS.items():
        Image.register_open(name, decoder)
    for table in (Image.SAVE, Image.SAVE_ALL):
        for name in set(table) - set(ENCODERS):
            del table[name]
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each one more would take memory from the limit
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    # Text in a PNG is passed over: packed text would be unpacked, and its keys would stand beside Pillow's own.
    for chunk in ("chunk_tEXt", "chunk_zTXt", "chunk_iTXt"):
        setattr(PngImagePlugin.PngStream, chunk, lambda self, pos, length: ImageFile._safe_read(self.fp, length))


def main(control):
    """Serve jobs from the socket with this file descriptor until its other end is closed."""
    prepare()
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # where the machine's memory runs out, let it take a decoder and no web worker
    control = socket.socket(fileno=control)
    ended, wakes = socket.socketpair()
    ended.setblocking(False)
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    gc.collect()
    gc.freeze()
    jobs = {}
    while True:
        ready = select.select([control, ended], [], [])[0]
        if ended in ready:
            with suppress(BlockingIOError):
                ended.recv(4096)
            report(jobs)
        if control in ready:
            data, descriptors, _flags, _address = socket.recv_fds(control, 1, 3)
            if not data:
                break
            begin(jobs, descriptors, [control, ended, wakes])
    for pid in jobs:
        os.kill(pid, signal.SIGKILL)


def begin(jobs, descriptors, ours):
    """Fork the child of one job, which gets an input, an output and the socket on which the job comes."""
    input, output, line = descriptors
    pid = os.fork()
    if pid:
        jobs[pid] = socket.socket(fileno=line)
        os.close(input)
        os.close(output)
        return
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in [*ours, *jobs.values()]:
            other.close()
        with socket.socket(fileno=line) as line, line.makefile("rb") as text:
            job = json.loads(text.readline())
        code = work.run(input, output, job)
    finally:
        os._exit(code)


def report(jobs):
    """Tell those whose jobs have ended how: wait status, seconds of processor time, bytes of memory at most."""
    while jobs:
        pid, status, used = os.wait4(-1, os.WNOHANG)
        if not pid:
            break
        unit = 1 if sys.platform == "darwin" else 1024
        told = {"status": status, "seconds": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * unit}
        with suppress(OSError), jobs.pop(pid) as line:
            line.sendall(json.dumps(told).encode() + b"\n")
