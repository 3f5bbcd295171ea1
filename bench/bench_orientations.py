"""How alike one scene comes out of its eight EXIF orientations. Run by hand on a folder of `<Scene>_<1 to 8>.jpg`:

    DEBUG=1 python bench/bench_orientations.py FOLDER

Prints, for each scene, the sizes of the renditions of width 640 and the worst structural similarity (SSIM, of luminance)
between any two of them. 1 is the same picture.
"""

import io
import itertools
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

import django

django.setup()

import numpy
from PIL import Image
from skimage.metrics import structural_similarity

from gallery.imaging import render


def rendition(path):
    """The rendition of width 640 of one file, as grey levels."""
    with path.open("rb") as file:
        made = next(made for made in render(file).files if made.spec == "width-640")
    return numpy.asarray(Image.open(io.BytesIO(made.data)).convert("L"))


def main():
    if len(sys.argv) != 2:
        print("bench_orientations: name a folder of photographs; nothing measured.")
        return
    scenes = sorted({path.stem.rpartition("_")[0] for path in Path(sys.argv[1]).glob("*_[1-8].jpg")})
    for scene in scenes:
        made = [rendition(Path(sys.argv[1]) / f"{scene}_{number}.jpg") for number in range(1, 9)]
        worst = min(structural_similarity(one, other) for one, other in itertools.combinations(made, 2))
        print(f"{scene:12} {sorted({grey.shape[::-1] for grey in made})}  worst SSIM of two: {worst:.4f}")


if __name__ == "__main__":
    main()
