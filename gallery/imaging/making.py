"""Making renditions: in a child process with limits, so that a crash, a hang or a bomb loses that one picture alone."""

import errno
import fcntl
import json
import logging
import os
import shutil
import signal
import stat
import tempfile
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.dispatch import Signal

from . import host
from .looking import inspect
from .refusals import DecoderUnavailable, PictureRefused, megapixels

logger = logging.getLogger(__name__)
# Sent when a job has ended, with its `kind`, its `seconds` of processor time, and as `result` "made" or why not.
decoded = Signal()

PREVIEW_SPEC, BLURRED_SPEC, ANIMATED_SPEC = "preview-jpeg", "blurred-jpeg", "animated-webp"
DECODERS = {"HEIC": "HEIF"}  # where Pillow's name is another one than ours
CLOCK = 3  # by the clock, a job may take so many times its seconds of processor time: machines are busy
OUT_OF_MEMORY, NO_ROOM = 12, 13  # exit codes of `decoder.work`
FULL = (errno.ENOSPC, errno.EDQUOT)
STOPPED = (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL)  # by a limit, or by a machine without memory


@dataclass(frozen=True)
class RenditionFile:
    """One rendition: its spec ("width-640", "preview-jpeg"), size in pixels, and encoded bytes."""

    spec: str
    width: int
    height: int
    mime: str
    extension: str
    data: bytes


@dataclass(frozen=True)
class Rendered:
    """A picture's own size in pixels, upright; its renditions from the widest down, then the preview, the blurred one and
    the animation; and what the one decode found: a ThumbHash (see `placeholder_url`), up to five colours "#rrggbb" with
    the most frequent first, and what the camera says of itself (make, model, lens, exposure, aperture, iso, focal_length).
    """

    width: int
    height: int
    files: list[RenditionFile] = field(default_factory=list)
    placeholder: bytes = b""
    colours: list[str] = field(default_factory=list)
    camera: dict = field(default_factory=dict)
    animated: bool = False


@dataclass(frozen=True)
class Crop:
    """A part of a picture to be made: what its file is called, the box (left, top, right, bottom in pixels of the upright
    picture, or None for all of it), the size (width, height) in pixels, and the format ("webp", "jpeg", "png")."""

    spec: str
    box: tuple | None
    size: tuple
    format: str = "webp"
    quality: int | None = None


def render(file, widths=None):
    """Make the renditions of the readable, seekable `file`: Rendered, from one decode, each size from the one above it.

    WebP in those of `widths` (pixels; settings.RENDITION_WIDTHS) that are below the picture's own width, and in its own
    width up to the widest of them; two JPEGs, one for link previews and one so blurred that nothing can be made out; and
    an animation as an animated WebP. Upright, in sRGB, without metadata of any kind. Raises PictureRefused as `inspect`
    does, and broken, too_many_frames, too_costly, crashed; DecoderUnavailable where it is not the picture's fault.
    """
    return rendered(*decode(file, "render", widths=list(widths or settings.RENDITION_WIDTHS)))


def render_square(file, box=(0, 0, 0), sizes=(96, 320)):
    """A square of a picture, in those of `sizes` (pixels) that are not larger than it: Rendered, specs "width-96" ...

    `box` is (left, top, side) in pixels of the upright picture, moved inside where it stands out; side 0 means the largest
    square in the middle. Raises as `render` does.
    """
    return rendered(*decode(file, "square", box=list(box), sizes=list(sizes)))


def render_crops(file, crops):
    """The `crops` (Crop) of a picture, from one decode and as clean as all renditions; never larger than what they show.

    Returns a RenditionFile for each, in their order. Raises as `render` does.
    """
    return decode(file, "crops", crops=[asdict(crop) for crop in crops])[1]


def rendered(facts, files):
    return Rendered(
        facts["width"],
        facts["height"],
        files,
        placeholder=bytes.fromhex(facts["placeholder"]),
        colours=facts["colours"],
        camera=facts["camera"],
        animated=facts["animated"],
    )


# --- A job ------------------------------------------------------------------------------------------------------------


def decode(file, kind, **wanted):
    """Do one job on the readable, seekable `file`: (facts, [RenditionFile]). Its position is put back to the start."""
    job = {
        "kind": kind,
        "decoder": DECODERS.get(format := inspect(file).format, format),
        "seconds": settings.DECODE_SECONDS,
        "wall_seconds": CLOCK * settings.DECODE_SECONDS,
        "memory": settings.DECODE_MEMORY,
        "most_pixels": settings.UPLOAD_MAX_PIXELS,
        "most_animated_pixels": settings.UPLOAD_MAX_ANIMATED_PIXELS,
        **wanted,
    }
    try:
        with spooled(file) as input:
            report, output = host.run(input.fileno(), tempfile.TemporaryFile, job)
    except OSError as error:
        if error.errno in FULL:
            raise DecoderUnavailable("no room on the disk for a picture while it is decoded") from error
        raise
    finally:
        file.seek(0)
    with output:
        logger.debug("%s of a %s: %.2f s, %d bytes", kind, format, report["seconds"], report["memory"])
        result = "crashed"
        try:
            check_end(report["status"])
            made = contents(output, report)
            result = "made"
        except PictureRefused as refusal:
            result = refusal.code
            raise
        finally:
            decoded.send(sender=None, kind=kind, seconds=report["seconds"], result=result)
        return made


class Borrowed:
    """A file that is open already, as something to be used in a `with`."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self.file

    def __exit__(self, *_error):
        pass


def spooled(file):
    """`file` where it is a real one that is open for reading alone; else a temporary copy of it."""
    if is_real(file):
        return Borrowed(file)
    copy = tempfile.TemporaryFile()  # noqa: SIM115  (closed by whoever asked for it)
    try:
        file.seek(0)
        shutil.copyfileobj(file, copy, 1024 * 1024)
        copy.flush()
    except BaseException:
        copy.close()
        raise
    return copy


def is_real(file):
    try:
        descriptor = file.fileno()
        reads = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        return reads and stat.S_ISREG(os.fstat(descriptor).st_mode)
    except (AttributeError, OSError, ValueError):
        return False


def check_end(status):
    """Raise what the end of a child means, from its wait status. Nothing where it ended well."""
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return
    logger.warning("The child that read a picture ended with %s.", code)
    if code == NO_ROOM:
        raise DecoderUnavailable("no room on the disk, or it fails")
    if code == OUT_OF_MEMORY or -code in STOPPED:
        raise PictureRefused("too_costly")
    raise PictureRefused("crashed")


def contents(output, report):
    """(facts, [RenditionFile]) from what a child wrote. Raises PictureRefused where it refused the picture."""
    output.seek(0)
    try:
        facts = json.loads(output.read(int.from_bytes(output.read(4), "big")))
        files = [RenditionFile(*row, output.read(size)) for *row, size in facts.pop("files")]
    except (ValueError, KeyError, TypeError) as error:
        raise PictureRefused("crashed") from error
    if code := facts.get("refused"):
        logger.warning("A picture cannot be decoded: %s, %s", code, facts["words"])
        raise PictureRefused(code, **refused_values(code, facts))
    return facts | {"seconds": report["seconds"], "memory": report["memory"]}, files


def refused_values(code, facts):
    """What the message of a refusal names."""
    if code == "too_many_pixels":
        limit = settings.UPLOAD_MAX_PIXELS
        return {"pixels": megapixels(max(facts["pixels"], limit + 1)), "limit": megapixels(limit)}
    return {"limit": megapixels(settings.UPLOAD_MAX_ANIMATED_PIXELS)}
