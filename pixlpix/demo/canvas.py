"""What the demo pictures are painted with: a canvas of light, colours, noise and a few brushes.

A canvas holds float32 RGB between 0 and 1. Brushes touch only the rows or the patch that they change, which is what
keeps a picture of 1400 × 930 pixels at a fraction of a second. All chance comes from one generator: the same seed gives
the same pixels.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

BLACK = np.zeros(3, np.float32)
WHITE = np.ones(3, np.float32)


def lch(lightness, chroma, hue):
    """A colour by lightness (0 to 1), chroma (0 to about 0.3) and hue (degrees), as RGB between 0 and 1.

    OKLCH, so that hues of one lightness look equally bright (formulas: Björn Ottosson, "A perceptual color space").
    What the screen cannot show loses chroma, never hue.
    """
    for _ in range(12):
        a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
        long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        linear = np.array(
            [
                4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
                -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
                -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
            ]
        )
        if linear.min() >= -0.002 and linear.max() <= 1.002:
            break
        chroma *= 0.86
    linear = linear.clip(0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055).astype(np.float32)


def mix(one, other, share):
    """`one` turning into `other` as `share` goes from 0 to 1."""
    return one + (other - one) * share


def smooth(value, start, end):
    """0 below `start`, 1 above `end` (or the other way round where `end` is smaller), an S-curve between."""
    t = np.clip((value - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)


def byte_colour(colour):
    """A colour of ours as Pillow's drawing functions take it."""
    return tuple(int(255 * c + 0.5) for c in np.clip(colour, 0, 1))


def blend(one, other, share):
    """Two colours mixed by the field `share`: an area of pixels."""
    area = np.empty((3, *share.shape), np.float32).transpose(1, 2, 0)
    for channel in range(3):
        np.multiply(share, other[channel] - one[channel], out=area[..., channel])
        area[..., channel] += one[channel]
    return area


def lay(area, fill, coverage):
    """Lay `fill`, a colour or an area of pixels, over `area` as far as the field `coverage` (0 to 1) says."""
    # Channel by channel: numpy is slow where it walks along three values at a time.
    for channel in range(3):
        plane = area[..., channel]
        plane += (fill[..., channel] - plane) * coverage


class Canvas:
    """A picture in the making: `width` and `height` in pixels, `light` its pixels, `random` its only chance."""

    def __init__(self, width, height, generator):
        self.width, self.height, self.random = width, height, generator
        # One plane a channel in memory: numpy works along rows, which is twice as fast as along three channels.
        self.light = np.zeros((3, height, width), np.float32).transpose(1, 2, 0)
        self.x = np.arange(width, dtype=np.float32)[None, :]
        self.y = np.arange(height, dtype=np.float32)[:, None]
        # The unit for what should look equally large in every shape: the side of a square of the same area.
        self.unit = math.sqrt(width * height)

    # --- chance ---
    def between(self, low, high):
        return float(self.random.uniform(low, high))

    def whole(self, low, high):
        """A whole number from `low` to `high`, both possible."""
        return int(self.random.integers(low, high + 1))

    def one_of(self, things):
        return things[int(self.random.integers(len(things)))]

    # --- noise ---
    def line(self, length, bumps, roughness=0.5, octaves=6):
        """A wandering line: `length` values of about -1 to 1, with `bumps` swings at first and finer ones upon them."""
        at = np.linspace(0, 1, length, dtype=np.float32)
        total, strength, weight = np.zeros(length, np.float32), 1.0, 0.0
        for octave in range(octaves):
            cells = bumps * 2**octave
            if cells > length:
                break
            knots = self.random.uniform(-1, 1, int(cells) + 3)
            place = at * cells
            cell = place.astype(int)
            t = place - cell
            t = t * t * (3 - 2 * t)
            total += strength * (knots[cell] * (1 - t) + knots[cell + 1] * t)
            weight += strength
            strength *= roughness
        return (total / weight * 1.7).astype(np.float32)

    def clouds(self, across, down, octaves=4, roughness=0.5, shape=None):
        """A field of soft noise, about -1 to 1: `across` × `down` swings at first. `shape`: (height, width)."""
        height, width = shape or (self.height, self.width)
        total, strength, weight = None, 1.0, 0.0
        for octave in range(octaves):
            cells = self.random.uniform(-1, 1, (int(down * 2**octave) + 3, int(across * 2**octave) + 3)).astype(
                np.float32
            )
            # Coarse octaves are enlarged in two steps: half size first, which the eye cannot tell and costs a quarter.
            layer = Image.fromarray(cells).resize((max(1, width // 2), max(1, height // 2)), Image.Resampling.BICUBIC)
            layer = np.asarray(layer) * strength
            total = layer if total is None else total + layer
            weight += strength
            strength *= roughness
        full = Image.fromarray(total / weight * 1.8).resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(full)

    # --- brushes ---
    def gradient(self, *stops):
        """Fill from top to bottom. `stops` are (place, colour), place 0 at the top and 1 at the bottom."""
        places = [place for place, _ in stops]
        rows = np.linspace(0, 1, self.height)
        for channel in range(3):
            self.light[..., channel] = np.interp(rows, places, [colour[channel] for _, colour in stops])[:, None]

    def cover(self, coverage, colour, top=0, left=0):
        """Lay `colour` over the pixels from row `top`, column `left`, as far as `coverage` (0 to 1) says."""
        rows, columns = coverage.shape
        lay(self.light[top : top + rows, left : left + columns], colour, coverage)

    def add(self, amount, colour, top=0, left=0):
        """Add light of `colour`, `amount` of it for each pixel."""
        rows, columns = amount.shape
        area = self.light[top : top + rows, left : left + columns]
        for channel in range(3):
            area[..., channel] += amount * colour[channel]

    def patch(self, x, y, radius):
        """The square of `radius` pixels around a point, as far as it lies inside: (top, left, dx, dy).

        dx and dy are distances from the point. None where nothing of the square lies inside.
        """
        left, right = max(0, int(x - radius)), min(self.width, int(x + radius) + 2)
        top, bottom = max(0, int(y - radius)), min(self.height, int(y + radius) + 2)
        if left >= right or top >= bottom:
            return None
        return top, left, self.x[:, left:right] - x, self.y[top:bottom] - y

    def glow(self, x, y, radius, colour, power=2.0):
        """Light around a point that fades to nothing at `radius` pixels."""
        if (area := self.patch(x, y, radius)) is None:
            return
        top, left, dx, dy = area
        self.add(np.clip(1 - np.sqrt(dx * dx + dy * dy) / radius, 0, 1) ** power, colour, top, left)

    def disc(self, x, y, radius, colour, softness=1.2, strength=1.0):
        """A filled circle with an edge `softness` pixels wide."""
        if (area := self.patch(x, y, radius + softness)) is None:
            return
        top, left, dx, dy = area
        self.cover(strength * np.clip((radius - np.sqrt(dx * dx + dy * dy)) / softness + 0.5, 0, 1), colour, top, left)

    def below(self, line, colour, foot=None, reach=1.0):
        """Fill all below `line` (a row for each column); towards `foot`, a second colour, over `reach` pixels."""
        top = max(0, int(line.min()) - 1)
        if top >= self.height:
            return
        depth = self.y[top:] - line[None, :]
        fill = colour if foot is None else blend(colour, foot, np.clip(depth * (1 / reach), 0, 1))
        lay(self.light[top:], fill, np.clip(depth + 0.5, 0, 1))

    def drawn(self, draw_shapes, scale=2):
        """A coverage mask of shapes that Pillow draws: `draw_shapes(draw, scale)`, enlarged."""
        mask = Image.new("L", (self.width * scale, self.height * scale))
        draw_shapes(ImageDraw.Draw(mask), scale)
        return np.asarray(mask.reduce(scale) if scale > 1 else mask, np.float32) / 255

    def blurred(self, radius, shrink=4):
        """The picture out of focus by `radius` pixels, as an array; worked out `shrink` times smaller."""
        small = self.image().reduce(shrink)
        small = small.filter(ImageFilter.GaussianBlur(radius / shrink))
        return np.asarray(small.resize((self.width, self.height), Image.Resampling.BICUBIC), np.float32) / 255

    def image(self):
        """The canvas as a Pillow image, as it stands."""
        return Image.fromarray((np.clip(self.light, 0, 1) * 255 + 0.5).astype(np.uint8))

    def finish(self, grain=0.010, vignette=0.10):
        """The finished picture: a little darker towards the corners, and the grain of a fast film."""
        across = (self.x / self.width * 2 - 1) ** 2
        down = (self.y / self.height * 2 - 1) ** 2
        self.light *= (1 - vignette * (across * down + 0.25 * (across + down)))[..., None]
        if grain:
            self.light += (grain * self.random.standard_normal((self.height, self.width), np.float32))[..., None]
        return self.image()
