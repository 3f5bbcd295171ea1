"""What a picture costs, on one core, as ratios in one run:

    DEBUG=1 python bench/bench_pictures.py [--megapixels 12] [--rounds 7] [--photos FOLDER] [--large]

(a) a JPEG to all widths: ours, in its child process and all included; our WebP files alone; Wagtail's own renditions of
the same sizes; libvips with the same WebP settings. (b) with --large: processor time and memory for each accepted format
at 60 megapixels. (c) photos a minute of one worker. (d) bytes at the same likeness (SSIM) as the files of libvips.
The picture is drawn here, with as much detail as a photograph; --photos measures (a) and (d) on real ones as well.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from statistics import median

os.environ["VIPS_CONCURRENCY"] = "1"
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

import django

django.setup()
logging.getLogger("pyvips").setLevel(logging.WARNING)

import numpy
import pyvips
from django.conf import settings
from PIL import Image
from pillow_heif import register_heif_opener
from skimage.metrics import structural_similarity
from wagtail.images.models import Filter

from gallery.imaging import making
from gallery.imaging.decoder import outputs, pixels
from gallery.models import Picture

WIDTHS = (2048, 1280, 640, 320)


def drawn(megapixels, ratio=4 / 3):
    """A picture with detail at every scale, edges and noise, as a photograph has them."""
    height = round((megapixels * 1_000_000 / ratio) ** 0.5)
    width, random = round(height * ratio), numpy.random.default_rng(4)
    picture = Image.new("RGB", (width, height), (128, 128, 128))
    for cells in (4, 16, 64, 256, 1024):
        spots = random.integers(0, 255, (max(2, cells * 3 // 4), cells, 3), numpy.uint8)
        layer = Image.fromarray(spots).resize((width, height), Image.Resampling.BICUBIC)
        picture = Image.blend(picture, layer, 0.3 if cells < 1024 else 0.12)
    edges = Image.fromarray(random.integers(0, 2, (40, 60), numpy.uint8) * 255).resize(
        (width, height), Image.Resampling.NEAREST
    )
    picture = Image.composite(picture, picture.point(lambda value: value * 0.6), edges)
    return picture


# --- Four ways to the same sizes --------------------------------------------------------------------------------------


def sizes(width):
    """Our widths for a picture of this width, the widest first."""
    widest = min(width, WIDTHS[0])
    return [widest, *(size for size in WIDTHS if size < widest)]


def ours(path):
    return in_child(path)[1]


def in_child(path):
    """(what the child says of the picture and of itself, its files by spec)."""
    with path.open("rb") as file:
        facts, files = making.decode(file, "render", widths=list(WIDTHS))
    return facts, {made.spec: made.data for made in files}


def our_webp_alone(path):
    """What the child does for the WebP files, without process, preview, blur, placeholder and colours."""
    with path.open("rb") as file, pixels.opened(file, "JPEG", 10**9) as image:
        width, height = pixels.upright_size(image)
        wanted, profile = sizes(width), image.info.get("icc_profile")
        pixels.draft(image, wanted[0] / width)
        target = (wanted[0], round(height * wanted[0] / width))
        whole = pixels.cut(pixels.decoded(image), pixels.orientation_of(image), outputs.WHOLE, target)
        picture = pixels.in_srgb(whole, profile)
        made = {}
        for size in wanted:
            filter = pixels.QUICK if size > pixels.SMALL_WIDTH else pixels.FINE
            picture = pixels.resized(picture, (size, round(height * size / width)), filter=filter)
            made[f"width-{size}"] = pixels.encoded(picture, "webp")
        return made


def wagtails(path):
    with Image.open(path) as image:
        width, height = image.size
    picture, made = Picture(width=width, height=height, collection_id=1), {}
    for size in sizes(width):
        with path.open("rb") as file:
            out = BytesIO()
            Filter(spec=f"width-{size}|format-webp").run(picture, out, source=file)
            made[f"width-{size}"] = out.getvalue()
    return made


def quality_of(size):
    return pixels.SMALL_WEBP_QUALITY if size <= pixels.SMALL_WIDTH else pixels.WEBP_QUALITY


def vips(path, more_quality=0):
    made, image = {}, None
    with Image.open(path) as opened:
        wanted = sizes(opened.width if opened.getexif().get(0x0112, 1) < 5 else opened.height)
    for size in wanted:
        if image is None:
            image = pyvips.Image.thumbnail(str(path), size, height=10**6, size="down").copy_memory()
        else:
            image = image.thumbnail_image(size, height=10**6, size="down").copy_memory()
        made[f"width-{size}"] = image.webpsave_buffer(
            Q=quality_of(size) + more_quality, effort=pixels.WEBP_METHOD, keep="none"
        )
    return made


def timed(ways, path, rounds):
    """{name: (median seconds of processor time, median seconds by the clock)}, the ways taking turns.

    Ratios are of processor time, ours with that of the child: so other work on the machine counts for none of them.
    """
    used, passed = {name: [] for name in ways}, {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            clock, processor = time.perf_counter(), time.process_time()
            made = way(path)
            child = made[0]["seconds"] if isinstance(made, tuple) else 0
            used[name].append(time.process_time() - processor + child)
            passed[name].append(time.perf_counter() - clock)
    return {name: (median(used[name]), median(passed[name])) for name in ways}


def compare_speed(path, rounds):
    ways = {"ours": in_child, "our WebP files alone": our_webp_alone, "Wagtail": wagtails, "libvips": vips}
    ours(path)  # starts the host
    taken = timed(ways, path, rounds)
    print(f"(a) one JPEG to the WebP widths, medians of {rounds} rounds: processor time, clock")
    for name, (processor, clock) in taken.items():
        print(f"    {name:22} {processor:.3f} s  {clock:.3f} s")
    processor = {name: seconds for name, (seconds, _clock) in taken.items()}
    print(f"    Wagtail / ours {processor['Wagtail'] / processor['ours']:.2f} (wanted: 1.7 or more)")
    print(f"    ours / libvips {processor['ours'] / processor['libvips']:.2f} (wanted: 1.25 or less); ", end="")
    print(f"our WebP files alone / libvips {processor['our WebP files alone'] / processor['libvips']:.2f}")
    print(f"(c) photos a minute of one worker on one core: {60 / processor['ours']:.0f}")


# --- Bytes at the same likeness ---------------------------------------------------------------------------------------


def likeness(data, reference):
    made = numpy.asarray(Image.open(BytesIO(data)).convert("RGB"))
    return structural_similarity(made, reference, channel_axis=2)


def reference(path, size):
    """The picture at this width, from all its pixels, by a filter of neither: the mean of Lanczos and of area."""
    from PIL import ImageOps

    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    target = (size, round(image.height * size / image.width))
    both = (image.resize(target, kind) for kind in (Image.Resampling.LANCZOS, Image.Resampling.HAMMING))
    return numpy.asarray(Image.blend(*both, 0.5))


def compare_bytes(paths):
    """Bytes of libvips' files are read off between two of its qualities, where they are as like the reference as ours."""
    print("(d) bytes of ours / bytes of libvips at the same SSIM (wanted: 1.05 or less)")
    ratios = []
    for path in paths:
        mine, steps = ours(path), {more: vips(path, more) for more in (-12, -8, -4, 0, 4, 8)}
        for spec in steps[0]:
            wanted = reference(path, int(spec.split("-")[1]))
            if Image.open(BytesIO(steps[0][spec])).size != wanted.shape[1::-1]:
                continue
            like = [likeness(made[spec], wanted) for made in steps.values()]
            sizes = [len(made[spec]) for made in steps.values()]
            theirs = numpy.exp(numpy.interp(likeness(mine[spec], wanted), like, numpy.log(sizes)))
            ratios.append(len(mine[spec]) / theirs)
            print(f"    {path.stem:14} {spec:10} {len(mine[spec]):7} bytes  ratio {ratios[-1]:.3f}")
    print(f"    median {median(ratios):.3f}, largest {max(ratios):.3f}")


# --- The largest ------------------------------------------------------------------------------------------------------

LARGE = {
    "JPEG": ("JPEG", {"quality": 90}),
    "JPEG progressive": ("JPEG", {"quality": 90, "progressive": True}),
    "PNG": ("PNG", {"compress_level": 1}),
    "PNG with alpha": ("PNG", {"compress_level": 1}),
    "PNG 16-bit grey": ("PNG", {"compress_level": 1}),
    "WebP": ("WEBP", {"quality": 80, "method": 0}),
    "WebP with alpha": ("WEBP", {"quality": 80, "method": 0}),
    "GIF": ("GIF", {}),
    "HEIC": ("HEIF", {"quality": 60}),
    "AVIF": ("AVIF", {"quality": 60, "speed": 10}),
    "AVIF with alpha": ("AVIF", {"quality": 60, "speed": 10, "subsampling": "4:4:4"}),
}


def measure_large(folder):
    print("(b) 60 megapixels, in the child (wanted: JPEG 300 MB or less, all others below 1,000 MB, 20 s)")
    register_heif_opener()
    settings.UPLOAD_MAX_BYTES = 400 * 1024 * 1024  # drawn noise packs badly; what counts here are the pixels
    picture = drawn(59.9)
    for name, (format, options) in LARGE.items():
        path = folder / name.replace(" ", "-")
        if "grey" in name:
            grey = numpy.asarray(picture.convert("L")).astype(numpy.uint16) * 257
            Image.fromarray(grey).save(path, format, **options)
        elif "alpha" in name:
            clear = picture.convert("RGBA")
            clear.putalpha(picture.convert("L"))
            clear.save(path, format, **options)
        else:
            picture.save(path, format, **options)
        size = path.stat().st_size / 1e6
        try:
            facts, _files = in_child(path)
        except Exception as error:
            print(f"    {name:18} {size:5.1f} MB file: {error}")
            continue
        print(
            f"    {name:18} {size:5.1f} MB file {facts['memory'] / 1e6:6.0f} MB {facts['seconds']:5.2f} s", flush=True
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        path = folder / "drawn.jpg"
        drawn(options.megapixels).save(path, quality=92)
        print(f"drawn: {options.megapixels} megapixels, {path.stat().st_size / 1e6:.1f} MB")
        compare_speed(path, options.rounds)
        photos = sorted(options.photos.glob("*_1.jpg")) if options.photos else []
        enlarged = []
        for photo in photos:
            # Real ones of fewer pixels are drawn up to as many, so that their content is measured at this size.
            with Image.open(photo) as image:
                scale = (options.megapixels * 1e6 / (image.width * image.height)) ** 0.5
                size = (round(image.width * scale), round(image.height * scale))
                enlarged.append(folder / photo.name)
                image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(enlarged[-1], quality=92)
            print(f"{photo.stem} at {options.megapixels} megapixels, {enlarged[-1].stat().st_size / 1e6:.1f} MB")
            compare_speed(enlarged[-1], options.rounds)
        compare_bytes([path, *photos])
        if options.large:
            measure_large(folder)


if __name__ == "__main__":
    main()
