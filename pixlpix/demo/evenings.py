"""Demo pictures of evenings: windows across the water, lanterns, rain on glass."""

import numpy as np
from PIL import Image

from .canvas import BLACK, WHITE, lch, mix, smooth


def windows(canvas):
    """A town at dusk across the water, with lamps behind its windows."""
    hue, low = canvas.one_of([(275, 40), (255, 60), (290, 10), (240, 80), (265, 350), (300, 55)])
    width, height, unit = canvas.width, canvas.height, canvas.unit
    water = int(height * canvas.between(0.74, 0.82))
    share = water / height
    canvas.gradient(
        (0, lch(0.30, 0.09, hue)),
        (share * 0.5, lch(0.56, 0.11, mix(hue, 330, 0.5))),
        (share * 0.85, lch(0.86, 0.11, low)),
        (share, lch(0.86, 0.11, low)),
        (1, BLACK),
    )
    clouds = smooth(canvas.clouds(2.2, 9, octaves=4), 0.1, 0.8) * smooth(canvas.y, water, water * 0.4)
    canvas.add(clouds * 0.17, lch(0.78, 0.12, low))
    moon_x, moon_y = canvas.between(0.12, 0.88) * width, canvas.between(0.08, 0.2) * height
    canvas.glow(moon_x, moon_y, unit * 0.16, WHITE * 0.16)
    canvas.disc(moon_x, moon_y, unit * 0.020, lch(0.97, 0.02, 90), 1.5)
    lamps = np.zeros((height, width), np.float32)
    for layer in range(4):
        near = layer / 3
        x = -unit * 0.05
        colour = lch(0.56 - 0.42 * near, 0.085 - 0.035 * near, mix(hue, 320, 0.55 * (1 - near)))
        while x < width:
            wide = unit * canvas.between(0.035, 0.085) * (0.75 + 0.5 * near)
            tall = water * canvas.between(0.10, 0.36 - 0.06 * near) * (1.35 - 0.5 * near) + height * 0.03
            if canvas.between(0, 1) < 0.13:
                tall *= 1.45
            _building(canvas, lamps, x, water, wide, tall, near, colour)
            x += wide * canvas.between(0.92, 1.25)
        # A wall along the quay, so that no sky shows between two houses down to the water.
        quay = water - max(1, int(height * (0.05 - 0.012 * layer)))
        canvas.light[quay:water] = np.where(lamps[quay:water, :, None] > 0, canvas.light[quay:water], colour)
    lit = lch(0.87, 0.11, 78)
    canvas.cover(lamps, lit)
    # Lamps bleed into the evening air, and the river keeps all of it upside down.
    halo = Image.fromarray(lamps).resize((width // 6, height // 6), Image.Resampling.BOX)
    halo = np.asarray(
        halo.resize((max(1, width // 24), max(1, height // 24)), Image.Resampling.BOX).resize(
            (width, height), Image.Resampling.BICUBIC
        )
    )
    canvas.add(np.clip(halo, 0, 1) * 0.75, lch(0.80, 0.13, 65))
    rows = height - water
    depth = np.arange(rows) / max(1, rows)
    source = np.clip(water - 1 - (np.arange(rows) * 2.1).astype(int), 0, water - 1)
    mirror = canvas.light[source]
    for step in (1, 2, 3, 5, 8):
        mirror = (mirror + np.roll(mirror, step, axis=0)) / 2 if rows > 10 else mirror
    shake = (np.sin(depth**0.7 * 80) * unit * 0.0035 * (0.3 + depth)).astype(int)
    columns = (np.arange(width)[None, :] + shake[:, None]) % width
    canvas.light[water:] = np.take_along_axis(mirror, columns[..., None], axis=1) * (0.80 - 0.4 * depth)[:, None, None]
    canvas.light[water - 1 : water + 1] *= 0.45
    return canvas.finish()


def _building(canvas, lamps, x, ground, wide, tall, near, colour):
    """One house: a dark block with a roof of some kind, and windows of which some are lit."""
    left, right = max(0, int(x)), min(canvas.width, int(x + wide))
    top = int(ground - tall)
    if right - left < 4 or top >= ground:
        return
    roof = canvas.whole(0, 4)
    canvas.light[top:ground, left:right] = colour
    lamps[top:ground, left:right] = 0
    if roof == 0:
        mast = (left + right) // 2
        canvas.light[max(0, top - int(tall * 0.22)) : top, mast : mast + max(1, int(wide * 0.03))] = colour
    elif roof == 1:
        inset = int((right - left) * 0.22)
        canvas.light[max(0, top - int(wide * 0.25)) : top, left + inset : right - inset] = colour
        lamps[max(0, top - int(wide * 0.25)) : top, left + inset : right - inset] = 0
    elif roof == 2:
        for step in range(int(wide * 0.4)):
            inset = int(step * 1.25)
            if left + inset < right - inset and top - step > 0:
                canvas.light[top - step, left + inset : right - inset] = colour
                lamps[top - step, left + inset : right - inset] = 0
    cell = max(4.0, canvas.unit * (0.0075 + 0.0065 * near))
    columns, rows = int((right - left - cell * 0.8) / cell), int((ground - top - cell) / (cell * 1.5))
    chance = 0.12 + 0.26 * near
    for row in range(rows):
        on = canvas.random.random(columns)
        for column in np.nonzero(on < chance)[0]:
            y, a = int(top + cell * (0.8 + row * 1.5)), int(left + cell * (0.6 + column))
            strength = (0.35 + 0.65 * near) * (0.45 + 0.55 * on[column] / chance)
            lamps[y : y + max(2, int(cell * 0.85)), a : min(right - 1, a + max(2, int(cell * 0.55)))] = strength


def lanterns(canvas):
    """Paper lanterns let go into the night, near ones large and sharp, far ones no more than sparks."""
    hue, light = canvas.one_of([(275, 62), (255, 55), (300, 45), (230, 70), (340, 60), (200, 50)])
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient(
        (0, lch(0.15, 0.05, hue)),
        (0.6, lch(0.27, 0.08, hue + 10)),
        (1, lch(0.44, 0.10, mix(hue, 360 + light if hue > 200 else light, 0.45))),
    )
    smoke = canvas.clouds(3, 3, octaves=4)
    canvas.light *= (1 + 0.28 * smoke)[..., None]
    for layer in range(3):
        line = height * (0.88 + 0.05 * layer) - np.abs(canvas.line(width, 2.4, 0.5, 6)) * height * 0.10
        canvas.below(line, lch(0.24 - 0.07 * layer, 0.05, hue))
    flames = [
        (canvas.between(-0.02, 1.02) * width, canvas.between(-0.05, 0.88) * height, canvas.between(0, 1) ** 3.2)
        for _ in range(120)
    ]
    for x, y, near in sorted(flames, key=lambda flame: flame[2]):
        _lantern(canvas, x, y, unit * (0.004 + 0.058 * near), light + canvas.between(-14, 10), near)
    return canvas.finish(grain=0.012)


def _lantern(canvas, x, y, size, hue, near):
    """A lantern `size` pixels in half width around a point, lit from below."""
    canvas.glow(x, y, size * 5, lch(0.78, 0.15, hue) * (0.20 + 0.16 * near), 2.6)
    if (area := canvas.patch(x, y, size * 1.6)) is None:
        return
    top, left, dx, dy = area
    lean = canvas.between(-0.16, 0.16)
    across, up = (dx - dy * lean) / size, -(dy + dx * lean) / size
    # Round at the top, narrow at the mouth.
    half = np.where(up > 0.3, np.sqrt(np.clip(1 - ((up - 0.3) / 0.95) ** 2, 0, None)), 1 - 0.20 * (0.3 - up))
    shape = (
        np.clip((half - np.abs(across)) * size, 0, 1)
        * np.clip((up + 1.15) * size, 0, 1)
        * np.clip((1.25 - up) * size, 0, 1)
    )
    flame = np.exp(-((across / 0.75) ** 2) - ((up + 0.75) / 0.85) ** 2)
    ribs = 1 - 0.07 * smooth(np.abs(np.sin(across * 4.2)), 0.9, 1.0)
    dark, bright = lch(0.56, 0.17, hue - 22), lch(0.95, 0.09, hue + 24)
    colour = (dark + (bright - dark) * np.clip(flame * 1.15, 0, 1)[..., None]) * ribs[..., None]
    mouth = np.exp(-(((up + 1.08) / 0.10) ** 2)) * 0.5
    colour = colour * (1 - mouth)[..., None]
    patch = canvas.light[top : top + shape.shape[0], left : left + shape.shape[1]]
    patch += (colour - patch) * shape[..., None]


def rain(canvas):
    """Raindrops on a window, the lights of the street out of focus behind it and upside down in every drop."""
    hue, accents = canvas.one_of(
        [(265, (30, 60, 350)), (240, (60, 85, 20)), (200, (55, 330, 80)), (300, (20, 60, 200)), (170, (70, 40, 100))]
    )
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient((0, lch(0.46, 0.07, hue)), (0.6, lch(0.34, 0.08, hue)), (1, lch(0.22, 0.06, hue + 15)))
    for _ in range(60):
        y = (0.12 + 0.76 * canvas.between(0, 1)) * height
        size = unit * canvas.between(0.022, 0.072)
        accent = canvas.one_of(accents)
        canvas.disc(
            canvas.between(0, width),
            y,
            size,
            lch(canvas.between(0.62, 0.86), 0.14, accent),
            size * 0.25,
            canvas.between(0.25, 0.75),
        )
    canvas.light[:] = canvas.blurred(unit * 0.009)
    canvas.light *= (1 + 0.10 * canvas.clouds(4, 3))[..., None]
    street = canvas.light.copy()
    # Fine mist first, then drops; a few have run down and left a clear trail of smaller ones.
    drops = [
        (canvas.between(0, width), canvas.between(0, height), unit * canvas.between(0.0022, 0.006)) for _ in range(330)
    ]
    for _ in range(9):
        x, y, size = (
            canvas.between(0.04, 0.96) * width,
            canvas.between(0.25, 0.95) * height,
            unit * canvas.between(0.013, 0.021),
        )
        drops.append((x, y, size))
        step = y - size * 2.2
        while step > y - unit * canvas.between(0.2, 0.6) and step > 0:
            drops.append((x + canvas.between(-0.25, 0.25) * size, step, size * canvas.between(0.16, 0.42)))
            step -= size * canvas.between(0.7, 1.8)
    drops += [
        (canvas.between(0, width), canvas.between(0, height), unit * canvas.between(0.007, 0.018)) for _ in range(85)
    ]
    for x, y, size in drops:
        _drop(canvas, street, x, y, size)
    return canvas.finish(grain=0.012)


def _drop(canvas, street, x, y, size):
    """One drop: a lens that turns what is behind it upside down, dark at its upper edge, with a spark."""
    if (area := canvas.patch(x, y, size * 1.5)) is None:
        return
    top, left, dx, dy = area
    across, up = dx / size, dy / size / 1.18
    distance = np.sqrt(across**2 + up**2 + 0.16 * across**2 * np.clip(up, -1.5, 1.5))
    inside = np.clip((1 - distance) * size, 0, 1)
    bend = 7.5 * size
    source_x = np.clip(x - across * bend, 0, canvas.width - 1).astype(int)
    source_y = np.clip(y - up * bend, 0, canvas.height - 1).astype(int)
    lens = street[np.broadcast_to(source_y, distance.shape), np.broadcast_to(source_x, distance.shape)]
    shade = 1.15 - 0.75 * smooth(distance, 0.55, 1.0) * (0.55 - 0.45 * up)
    lens = lens * shade[..., None] + (0.13 * smooth(up, -0.2, 0.9) * smooth(distance, 1.0, 0.6))[..., None]
    spark = np.exp(-(((across + 0.32) / 0.16) ** 2) - ((up + 0.40) / 0.13) ** 2)
    lens = lens + 0.85 * spark[..., None]
    patch = canvas.light[top : top + distance.shape[0], left : left + distance.shape[1]]
    patch *= (1 - 0.22 * smooth(distance, 1.35, 0.9))[..., None]
    patch += (lens - patch) * inside[..., None]
