"""Demo pictures of wide places: mountains, deserts, seas, skies, forests."""

import math

import numpy as np

from .canvas import BLACK, WHITE, blend, lay, lch, mix, smooth

# Hues in degrees, as OKLCH has them: 30 red, 60 orange, 90 yellow, 150 green, 200 cyan, 260 blue, 300 violet, 350 rose.


def ridges(canvas):
    """Mountain ridges one behind the other in haze, under a low sun."""
    hue = canvas.one_of([25, 45, 70, 165, 205, 240, 265, 300, 335, 355])
    glow = hue + canvas.one_of([-35, 25, 40])
    width, height, unit = canvas.width, canvas.height, canvas.unit
    sky, haze = lch(0.66, 0.10, hue), lch(0.90, 0.06, glow)
    canvas.gradient((0, sky), (0.5, mix(sky, haze, 0.75)), (0.75, haze), (1, haze))
    bands = canvas.clouds(2, 14, octaves=3)
    canvas.add(smooth(bands, 0.15, 0.9) * np.clip(1 - canvas.y / (0.5 * height), 0, 1) * 0.16, haze)
    sun_x, sun_y = canvas.between(0.2, 0.8) * width, canvas.between(0.2, 0.42) * height
    sun = canvas.between(0.035, 0.075) * unit
    canvas.glow(sun_x, sun_y, sun * 9, lch(0.92, 0.09, glow) * 0.38, 2.4)
    canvas.disc(sun_x, sun_y, sun, lch(0.975, 0.035, glow), 1.6)
    layers = canvas.whole(6, 8)
    for layer in range(layers):
        near = layer / (layers - 1)
        swings = canvas.between(1.6, 3.2) * max(1.0, width / height) * (1.2 - 0.4 * near)
        line = canvas.line(width, swings, 0.5 - 0.06 * near, 8)
        middle = height * (0.40 + 0.52 * near**1.15)
        line = middle - np.abs(line) ** 1.15 * np.sign(line) * height * (0.125 - 0.045 * near)
        colour = lch(0.76 - 0.58 * near**0.9, 0.055 + 0.055 * math.sin(near * 3), hue - 14 * near)
        foot = mix(colour, haze, 0.62 * (1 - near) ** 0.7)
        canvas.below(line, colour, foot, height * 0.24)
    return canvas.finish()


def dunes(canvas):
    """Sand dunes whose crests part light from shadow, with ripples blown by the wind."""
    sand, shade, sky = canvas.one_of(
        [(62, 35, 250), (48, 15, 230), (75, 40, 220), (30, 340, 300), (85, 60, 265), (20, 300, 40), (250, 270, 280)]
    )
    moonlit = sand > 200
    lift = -0.30 if moonlit else 0.0
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient(
        (0, lch(0.62 + lift, 0.09, sky)), (0.55, lch(0.90 + lift, 0.04, sand)), (1, lch(0.9 + lift, 0.04, sand))
    )
    disc_x, disc_y = canvas.between(0.1, 0.9) * width, canvas.between(0.1, 0.25) * height
    if moonlit or canvas.between(0, 1) < 0.5:
        canvas.glow(disc_x, disc_y, unit * 0.35, WHITE * 0.12)
        canvas.disc(disc_x, disc_y, unit * 0.022, lch(0.97, 0.02, sand), 1.5)
    layers = 5
    for layer in range(layers):
        near = layer / (layers - 1)
        peak = canvas.between(0.05, 0.95) if layer % 2 else canvas.between(0.25, 0.75)
        rise, left, right = height * (0.10 + 0.11 * near), 0.30 + 0.35 * near, 0.22 + 0.30 * near
        x = canvas.x[0] / width - peak
        reach = np.where(x < 0, left, right)
        crest = height * (0.50 + 0.40 * near**1.2) - rise * np.exp(-((np.abs(x) / reach) ** 1.35) * 2.2)
        crest = crest + height * 0.012 * canvas.line(width, 3, 0.3, 2)
        top = max(0, int(crest.min()) - 1)
        rows, depth = canvas.y[top:], canvas.y[top:] - crest[None, :]
        # From the summit a ridge winds down towards us: the sun's side left of it, the wind's shadow right of it.
        fall = (rows - crest.min()) / height
        winding = peak * width + width * (
            0.10 * np.sin(fall * 9 + canvas.between(0, 2)) - 0.55 * fall * canvas.between(0.6, 1.4)
        )
        side = winding - canvas.x
        lit = smooth(side, -unit * (0.004 + 0.05 * fall), unit * (0.004 + 0.05 * fall))
        ripple = np.sin(
            (rows * 1.0 + 0.35 * canvas.x + canvas.line(width, 5, 0.5, 4)[None] * unit * 0.02) / (2.2 + 4.5 * near)
        )
        ripple = ripple * (0.006 + 0.016 * near) * np.clip(depth / (0.05 * height), 0, 1)
        light = lch(0.80 + lift - 0.06 * near, 0.075, sand)
        dark = lch(0.60 + lift - 0.22 * near, 0.075, shade)
        away = np.clip(depth / (height * 0.45), 0, 1)
        tone = lit * (1 - 0.22 * away) + (1 - lit) * 0.28 * away
        ripple *= 0.4 + lit
        fill = blend(dark, light, tone)
        for channel in range(3):
            fill[..., channel] += ripple
        lay(canvas.light[top:], fill, np.clip(depth + 0.5, 0, 1))
    return canvas.finish()


def sea(canvas):
    """The sun on the horizon, clouds drawn long, and its road of light on the water."""
    hue = canvas.one_of([15, 35, 55, 75, 200, 235, 265, 310, 345])
    glow = hue + canvas.one_of([30, 45, -25])
    width, height, unit = canvas.width, canvas.height, canvas.unit
    horizon = int(height * canvas.between(0.42, 0.6))
    share = horizon / height
    low = lch(0.88, 0.09, glow)
    canvas.gradient((0, lch(0.42, 0.09, hue - 20)), (share * 0.6, lch(0.66, 0.12, hue)), (share, low), (1, low))
    sun_x, sun = canvas.between(0.25, 0.75) * width, unit * canvas.between(0.04, 0.075)
    sun_y = horizon - sun * canvas.between(-0.1, 1.6)
    canvas.glow(sun_x, sun_y, unit * 0.62, lch(0.85, 0.11, glow) * 0.42, 2.2)
    canvas.disc(sun_x, sun_y, sun, lch(0.975, 0.05, glow), 1.6)
    cloud = smooth(canvas.clouds(2.2 * width / unit, 15 * height / unit, octaves=4), 0.05, 0.75)
    cloud = cloud * smooth(canvas.y, horizon * 1.0, horizon * 0.55)
    canvas.cover(cloud * 0.55, lch(0.50, 0.10, hue - 8))
    canvas.add(cloud * np.exp(-(((canvas.x - sun_x) / (0.35 * width)) ** 2)) * 0.28, low)
    rows = canvas.y[horizon:]
    depth = (rows - horizon) / max(1, height - horizon)
    away = 1 / (depth + 0.045)
    drift = canvas.clouds(6 * width / unit, 22, octaves=3, shape=(height - horizon, width))
    wave = np.sin(away * 9 + drift * 2.1 + 34 * depth + canvas.x / width * 2)
    wave = wave * 0.6 + 0.4 * np.sin(away * 21 - drift * 3.4 + 96 * depth)
    deep, shallow = lch(0.24, 0.07, hue - 22), lch(0.62, 0.10, mix(hue, glow, 0.5))
    tone = np.clip(0.62 * (1 - depth) ** 2.2 + wave * (0.10 + 0.07 * (1 - depth)), 0, 1)
    water = blend(deep, shallow, tone)
    road = (
        np.exp(-(((canvas.x - sun_x) / (sun * (0.9 + 3.4 * depth))) ** 2))
        * smooth(wave, -0.25, 0.75)
        * (1 - 0.45 * depth)
    )
    water += road[..., None] * lch(0.93, 0.08, glow) * 0.75
    canvas.light[horizon:] = water
    canvas.light[horizon - 1 : horizon + 1] = mix(canvas.light[horizon - 1 : horizon + 1], low, 0.35)
    return canvas.finish()


def aurora(canvas):
    """Northern lights over a lake, with stars and a black shore."""
    width, height, unit = canvas.width, canvas.height, canvas.unit
    hue, tip = canvas.one_of([(155, 310), (165, 330), (185, 290), (140, 20), (300, 350), (200, 260)])
    shore = int(height * canvas.between(0.66, 0.76))
    canvas.gradient(
        (0, lch(0.12, 0.035, 275)),
        (0.45, lch(0.20, 0.05, 262)),
        (0.75, lch(0.32, 0.055, 235)),
        (1, lch(0.3, 0.05, 235)),
    )
    _stars(canvas, shore)
    x = canvas.x[0] / width
    for curtain in range(canvas.whole(2, 4)):
        foot = shore * (canvas.between(0.42, 0.86) - 0.06 * curtain) + shore * 0.14 * canvas.line(width, 2.2, 0.42, 4)
        rays = 0.58 + 0.42 * canvas.line(width, 22, 0.75, 4)
        fade = smooth(np.sin((x * canvas.between(0.7, 1.2) + canvas.between(-0.1, 0.2)) * math.pi), 0.05, 0.7)
        reach = shore * canvas.between(0.24, 0.40) * (0.65 + 0.35 * canvas.line(width, 6, 0.6, 4))
        up = foot[None, :] - canvas.y[:shore]
        body = np.exp(-np.clip(up, 0, None) / np.clip(reach, 12, None)[None, :]) * smooth(
            up, -unit * 0.012, unit * 0.012
        )
        body *= (np.clip(rays, 0.06, 1) * fade)[None, :] * canvas.between(0.5, 0.9)
        high = np.clip(up / (shore * 0.45), 0, 1)[..., None]
        canvas.light[:shore] += body[..., None] * (
            lch(0.80, 0.17, hue + 8 * curtain) * (1 - high) + lch(0.62, 0.16, tip) * high
        )
    far = shore - height * 0.02 - np.abs(canvas.line(width, 2.5, 0.5, 6)) * height * 0.12
    canvas.light[:shore] = np.where(
        (canvas.y[:shore] > far[None, :])[..., None],
        lch(0.15, 0.03, 255) + 0.05 * canvas.light[:shore],
        canvas.light[:shore],
    )
    _conifer_row(canvas, shore, 0.10, lch(0.07, 0.015, 240))
    # The lake: the sky upside down, shaken a little more the nearer it is.
    rows = height - shore
    depth = np.arange(rows) / max(1, rows)
    source = np.clip(shore - 1 - (np.arange(rows) * 1.35).astype(int), 0, shore - 1)
    mirror = canvas.light[source]
    for step in (1, 2, 4, 8):
        mirror = (mirror + np.roll(mirror, step, axis=0)) / 2 if rows > 8 else mirror
    shake = (np.sin(depth**0.6 * 90 + canvas.between(0, 6)) * unit * 0.004 * (0.3 + depth)).astype(int)
    columns = (np.arange(width)[None, :] + shake[:, None]) % width
    mirror = np.take_along_axis(mirror, columns[..., None], axis=1)
    canvas.light[shore:] = mirror * (0.78 - 0.35 * depth)[:, None, None] + lch(0.16, 0.04, 250) * 0.25
    return canvas.finish(grain=0.012)


def _stars(canvas, floor):
    """Stars above row `floor`: many faint ones, a few that shine."""
    count = int(canvas.width * floor / 1100)
    x, y = canvas.random.integers(0, canvas.width, count), canvas.random.integers(0, max(1, floor), count)
    canvas.light[y, x] += (canvas.random.random(count) ** 4)[:, None].astype(np.float32) * 0.9
    for _ in range(26):
        canvas.glow(
            canvas.between(0, canvas.width),
            canvas.between(0, floor),
            canvas.unit * canvas.between(0.002, 0.0045),
            WHITE * 0.8,
            1.6,
        )


def _conifers(canvas, tips):
    """A mask of conifers. `tips` are (x, tip, foot, half width), all in pixels; their boughs differ by chance."""

    def shapes(draw, scale):
        for x, tip, foot, half in tips:
            tiers = max(5, int((foot - tip) / max(3.0, canvas.unit * 0.011)))
            jitter = canvas.random.uniform(0.62, 1.18, (2, tiers))
            rise = (foot - tip) / tiers
            left, right = [], []
            for tier in range(tiers):
                out = half * ((tier + 1) / tiers) ** 0.85
                low = tip + (tier + 1) * rise
                left += [(x - out * jitter[0, tier], low + rise * 0.45), (x - out * 0.34, low)]
                right += [(x + out * jitter[1, tier], low + rise * 0.45), (x + out * 0.34, low)]
            outline = [(x, tip - rise), *right, (x, foot + rise), *left[::-1]]
            draw.polygon([(a * scale, b * scale) for a, b in outline], fill=255)

    return canvas.drawn(shapes)


def _conifer_row(canvas, foot, tall, colour):
    """A row of small conifers standing on row `foot`, up to `tall` of the height."""
    tips, x = [], -10.0
    while x < canvas.width + 10:
        size = canvas.height * tall * canvas.between(0.3, 1.0) ** 1.3
        tips.append((x, foot - size, foot + 2, size * canvas.between(0.18, 0.26)))
        x += size * canvas.between(0.12, 0.5) + 2
    canvas.cover(_conifers(canvas, tips), colour)


def forest(canvas):
    """Conifers standing in fog, each row fainter than the one before it."""
    hue = canvas.one_of([150, 165, 185, 215, 245, 265, 50, 15])
    width, height, unit = canvas.width, canvas.height, canvas.unit
    fog, sky = lch(0.93, 0.035, hue + 30), lch(0.78, 0.075, hue)
    canvas.gradient((0, sky), (0.55, fog), (1, fog))
    light_x = canvas.between(0.15, 0.85) * width
    canvas.glow(light_x, height * 0.22, unit * 0.6, lch(0.97, 0.06, 85) * 0.16, 1.6)
    layers = 6
    for layer in range(layers):
        near = layer / (layers - 1)
        ground = height * (0.46 + 0.60 * near**1.3) - height * 0.08 * canvas.line(width, 1.6, 0.45, 5)
        size = unit * (0.11 + 0.42 * near**1.5)
        tips, x = [], -size * 0.2
        while x < width + size * 0.2:
            foot = ground[min(width - 1, max(0, int(x)))] + size * 0.12
            tall = size * canvas.between(0.55, 1.15)
            tips.append((x, foot - tall, foot, tall * canvas.between(0.15, 0.20)))
            x += size * (canvas.between(0.10, 0.34) + (canvas.between(0.2, 0.7) if near > 0.7 else 0))
        mask = np.maximum(_conifers(canvas, tips), np.clip(canvas.y - ground[None, :], 0, 1))
        colour = lch(0.78 - 0.58 * near**0.85, 0.055 + 0.025 * near, hue)
        drift = canvas.clouds(2, 5, octaves=3)
        thick = smooth(canvas.y, float(ground.mean()) - size * 0.55, float(ground.mean()) + size * 0.35)
        veil = (0.85 - 0.55 * near) * np.clip(thick * (0.8 + 0.45 * drift), 0, 1)
        canvas.cover(mask * (1 - veil), colour)
    return canvas.finish()


def birches(canvas):
    """Birch trunks, white with black marks, before leaves that the eye does not resolve."""
    hue, second = canvas.one_of([(80, 55), (60, 30), (125, 105), (250, 290), (350, 20), (150, 190), (230, 80)])
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.gradient((0, lch(0.88, 0.05, hue)), (0.55, lch(0.70, 0.10, hue)), (1, lch(0.40, 0.07, second)))
    for near in range(3):
        for _ in range(60):
            y = canvas.between(0, 1) ** 1.3 * height
            tone = lch(
                canvas.between(0.55, 0.92),
                canvas.between(0.08, 0.15),
                canvas.one_of([hue, second]) + canvas.between(-12, 12),
            )
            size = unit * canvas.between(0.012, 0.04) * (1 + near * 0.5)
            canvas.disc(canvas.between(0, width), y, size, tone, size * 0.8, 0.42)
        canvas.light[:] = mix(canvas.light, canvas.blurred(unit * 0.012), 0.6) if near == 0 else canvas.light
        count = [16, 10, 5][near] * max(0.6, width / unit)
        for trunk in range(int(count)):
            x = (trunk + canvas.between(-0.1, 1.1)) / count * width
            _birch(canvas, x, unit * [0.010, 0.020, 0.042][near] * canvas.between(0.75, 1.25), near / 2, hue)
    return canvas.finish()


def _birch(canvas, x, half, near, hue):
    """One trunk around column `x`, `half` its half width in pixels, `near` from 0 (far, in haze) to 1."""
    height = canvas.height
    middle = (
        x
        + canvas.line(height, 2, 0.4, 3) * half * 0.36
        + (canvas.y[:, 0] / height - 0.5) * canvas.between(-1.5, 1.5) * half
    )
    left, right = max(0, int(middle.min() - half * 1.5)), min(canvas.width, int(middle.max() + half * 1.5) + 2)
    if left >= right:
        return
    wide = half * (0.86 + 0.2 * canvas.y / height)
    across = (canvas.x[:, left:right] - middle[:, None]) / wide
    round_light = np.clip(1.02 - 0.52 * (across + 0.35) ** 2, 0.3, 1)
    haze = lch(0.80, 0.05, hue)
    bark = mix(haze, lch(0.95, 0.012, 90), 0.35 + 0.65 * near)
    ink = mix(haze, lch(0.22, 0.015, 60), 0.30 + 0.70 * near)
    marks = np.zeros(across.shape, np.float32)
    for _ in range(int(height / half * 1.1)):
        y, tall = canvas.between(0, height), half * canvas.between(0.02, 0.10) * canvas.one_of([1, 1, 1, 2.6])
        centre, reach = canvas.between(-1.1, 1.1), canvas.between(0.15, 0.75)
        top, bottom = max(0, int(y - 3 * tall)), min(height, int(y + 3 * tall) + 2)
        if top >= bottom:
            continue
        band = across[top:bottom]
        bend = y + half * 0.10 * band**2
        dash = np.exp(-(((canvas.y[top:bottom] - bend) / tall) ** 2)) * smooth(
            np.abs(band - centre), reach, reach * 0.5
        )
        marks[top:bottom] = np.maximum(marks[top:bottom], dash)
    colour = blend(BLACK, bark, round_light)
    lay(colour, ink, 0.9 * marks)
    lay(canvas.light[:, left:right], colour, np.clip((1 - np.abs(across)) * wide + 0.5, 0, 1))


def ink(canvas):
    """A brush drawing: mountains washed in ink, mist, a sun, birds."""
    hue, sun_hue = canvas.one_of([(265, 30), (240, 25), (160, 35), (60, 25), (300, 40), (200, 30)])
    width, height, unit = canvas.width, canvas.height, canvas.unit
    paper = lch(0.945, 0.018, 85)
    canvas.gradient((0, paper), (1, lch(0.92, 0.024, 80)))
    fibre = canvas.clouds(60, 60, octaves=2) * 0.012 + canvas.clouds(4, 4, octaves=3) * 0.014
    sun_x, sun_y, sun = (
        canvas.between(0.2, 0.8) * width,
        canvas.between(0.16, 0.34) * height,
        unit * canvas.between(0.05, 0.085),
    )
    canvas.disc(sun_x, sun_y, sun, lch(0.60, 0.19, sun_hue), 2.5, 0.92)
    layers = 5
    for layer in range(layers):
        near = layer / (layers - 1)
        line = canvas.line(width, canvas.between(1.3, 2.4) * max(1, width / height), 0.48, 8)
        peaks = np.sign(line) * np.abs(line) ** 0.9
        line = height * (0.42 + 0.44 * near) - peaks * height * (0.17 - 0.06 * near)
        depth = canvas.y - line[None, :]
        wash = canvas.clouds(7, 7, octaves=4)
        reach = height * (0.13 + 0.06 * near) * (1 + 0.35 * wash)
        # A wet brush: darkest at the edge, then thinning into mist.
        strength = np.exp(-np.clip(depth, 0, None) / np.clip(reach, 8, None)) * np.clip(
            depth / (1.5 + 2 * (1 - near)) + 0.5, 0, 1
        )
        canvas.cover(
            np.clip(strength * (0.86 + 0.22 * wash), 0, 1) * (0.34 + 0.60 * near), lch(0.44 - 0.24 * near, 0.045, hue)
        )
    flock_x, flock_y = canvas.between(0.25, 0.75) * width, canvas.between(0.14, 0.34) * height
    birds = [
        (
            flock_x + canvas.between(-0.13, 0.13) * unit,
            flock_y + canvas.between(-0.06, 0.06) * unit,
            unit * canvas.between(0.008, 0.017),
        )
        for _ in range(canvas.whole(4, 9))
    ]

    def wings(draw, scale):
        for x, y, span in birds:
            points = [
                (x - span, y - span * 0.35),
                (x - span * 0.4, y - span * 0.42),
                (x, y),
                (x + span * 0.45, y - span * 0.5),
                (x + span, y - span * 0.3),
            ]
            draw.line(
                [(a * scale, b * scale) for a, b in points],
                fill=235,
                width=max(2, int(span * 0.22 * scale)),
                joint="curve",
            )

    canvas.cover(canvas.drawn(wings), lch(0.25, 0.03, hue))
    canvas.light += fibre[..., None]
    seal = unit * 0.022
    x, y = int(width - seal * 3.2), int(height - seal * 3.4)
    canvas.cover(np.full((int(seal * 1.6), int(seal * 1.2)), 0.9, np.float32), lch(0.55, 0.19, 28), y, x)
    canvas.cover(
        np.full((max(1, int(seal * 0.14)), int(seal * 0.7)), 0.9, np.float32),
        paper,
        int(y + seal * 0.5),
        int(x + seal * 0.25),
    )
    canvas.cover(
        np.full((max(1, int(seal * 0.14)), int(seal * 0.7)), 0.9, np.float32),
        paper,
        int(y + seal * 0.9),
        int(x + seal * 0.25),
    )
    return canvas.finish(grain=0.008, vignette=0.05)
