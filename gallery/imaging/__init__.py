"""Turning bytes into pictures: what a file is, and its renditions. Pure functions: no models, no storages.

`inspect` looks without decoding, for the answer to an upload. `render`, `render_square` and `render_crops` decode, once,
in a child process with limits (`making`, `host`, `decoder`). `placeholder_url` draws what stands there meanwhile.
"""

from .looking import FORMATS, KINDS, Facts, inspect
from .making import (
    ANIMATED_SPEC,
    BLURRED_SPEC,
    PREVIEW_SPEC,
    Crop,
    Rendered,
    RenditionFile,
    render,
    render_crops,
    render_square,
)
from .placeholders import placeholder_url
from .refusals import DecoderUnavailable, PictureRefused

__all__ = [
    "ANIMATED_SPEC",
    "BLURRED_SPEC",
    "FORMATS",
    "KINDS",
    "PREVIEW_SPEC",
    "Crop",
    "DecoderUnavailable",
    "Facts",
    "PictureRefused",
    "Rendered",
    "RenditionFile",
    "inspect",
    "placeholder_url",
    "render",
    "render_crops",
    "render_square",
]
