"""The demo's pictures, drawn here so that nothing is downloaded and nobody's photograph is passed off as a demo.

`draw(kind, seed, width, height)` paints one of `KINDS`. The same arguments give the same pixels, on one version of
numpy and Pillow.
"""

import zlib

import numpy as np

from . import closeups, evenings, outdoors
from .canvas import Canvas

_PAINTERS = {
    painter.__name__: painter
    for painter in (
        outdoors.ridges,
        outdoors.dunes,
        outdoors.sea,
        outdoors.aurora,
        outdoors.forest,
        outdoors.birches,
        outdoors.ink,
        closeups.blooms,
        closeups.tiles,
        closeups.paper,
        evenings.windows,
        evenings.lanterns,
        evenings.rain,
        closeups.tidepool,
    )
}
KINDS = tuple(_PAINTERS)


def draw(kind, seed, width, height):
    """A picture of `width` × `height` pixels as a Pillow RGB image.

    `kind` is one of KINDS (ValueError otherwise), `seed` any whole number of 0 or more.
    """
    if kind not in _PAINTERS:
        raise ValueError(f"No such kind of picture: {kind!r}. There are: {', '.join(KINDS)}.")
    generator = np.random.default_rng([zlib.crc32(kind.encode()), seed])
    return _PAINTERS[kind](Canvas(width, height, generator))
