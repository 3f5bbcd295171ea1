"""How well pictures that were changed are known again, and how often others are taken for them:

    DEBUG=1 python bench/bench_likeness.py [--drawn 40] [--photos FOLDER] [--others]

Each picture is resized, recompressed, cropped by 5 %, mirrored and more; the distance of its likeness to that of the
picture as it was is printed for each change, and how many are found within each distance. Then all pairs of different
pictures: how many lie within it. Our own set is the demo's pictures (`--drawn` of each kind), the examples of
scikit-image that are photographs, and with --photos a folder of one's own. --others compares other hashes.
"""

import argparse
import os
import sys
from io import BytesIO
from itertools import combinations
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

import django

django.setup()

import imagehash
import skimage.data
from PIL import Image, ImageEnhance, ImageOps

from gallery import likeness
from pixlpix.demo import art

PHOTOS = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "hubble_deep_field.jpg", "motorcycle_left.png")
WITHIN = (8, 16, 24, 32, 40, 48, 56, 64, 72, 80)
OTHERS = {
    "pHash, 64 bits": imagehash.phash,
    "dHash, 256 bits": lambda image: imagehash.dhash(image, hash_size=16),
    "wHash, 256 bits": lambda image: imagehash.whash(image, hash_size=16),
}


def main():
    arguments = parsed()
    pictures = list(pictures_of(arguments))
    print(f"{len(pictures)} pictures")
    if arguments.others:
        for name, hash_of in OTHERS.items():
            print(f"\n{name}")
            report(pictures, hash_of, lambda image, of=hash_of: [of(image)], lambda one, other: one - other)
    print("\nours: gallery.likeness, a picture and its mirror image together")
    report(pictures, likeness.likeness_of, likeness.likenesses_of, likeness.distance)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drawn", type=int, default=40)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--others", action="store_true")
    return parser.parse_args()


def pictures_of(arguments):
    for kind in art.KINDS:
        for seed in range(arguments.drawn):
            yield art.draw(kind, seed, 640, 427 if seed % 2 else 853)
    folder = Path(skimage.data.__file__).parent
    for path in [folder / name for name in PHOTOS] + sorted((arguments.photos or Path("/nowhere")).glob("*.jpg")):
        yield ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def recompressed(image, quality):
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file)


def cropped(image, part):
    width, height = image.size
    across, down = int(width * part / 2), int(height * part / 2)
    return image.crop((across, down, width - across, height - down))


CHANGES = {
    "resized to a half": lambda image: image.resize((image.width // 2, image.height // 2)),
    "resized to 200 wide": lambda image: image.resize((200, round(200 * image.height / image.width))),
    "JPEG, quality 60": lambda image: recompressed(image, 60),
    "JPEG, quality 20": lambda image: recompressed(image, 20),
    "cropped 5 %": lambda image: cropped(image, 0.05),
    "cropped 10 %": lambda image: cropped(image, 0.10),
    "mirrored": ImageOps.mirror,
    "mirrored, cropped 5 %, quality 60": lambda image: recompressed(cropped(ImageOps.mirror(image), 0.05), 60),
    "brighter by a fifth": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
    "black and white": lambda image: ImageOps.grayscale(image),
}


def report(pictures, hash_of, hashes_of, distance):
    """`hash_of` a picture as it was, `hashes_of` a changed one, of which the nearest counts."""
    hashes = [(hash_of(picture), picture) for picture in pictures]
    hashes = [(one, picture) for one, picture in hashes if str(one)]
    print(f"{len(hashes)} show enough")
    print(f"{'':36}median largest  found within " + "".join(f"{within:7}" for within in WITHIN))
    for name, change in CHANGES.items():
        distances = [
            min((distance(one, other) for other in hashes_of(change(picture))), default=256) for one, picture in hashes
        ]
        print(f"{name:36}{median(distances):6} {max(distances):7}               " + shares(distances))
    others = [distance(one, other) for (one, _), (other, _) in combinations(hashes, 2)]
    print(f"{'two different pictures':36}{median(others):6} {min(others):6}<               " + shares(others))


def shares(distances):
    return "".join(f"{100 * sum(d <= within for d in distances) / len(distances):6.2f}%" for within in WITHIN)


main()
