"""Demo pictures of near things: flowers, tiles, paper, a tide pool."""

import math

import numpy as np
from PIL import Image, ImageDraw

from .canvas import blend, byte_colour, lay, lch, mix, smooth


def blooms(canvas):
    """Flowers seen from above, petal upon petal, over dark leaves."""
    hue, spread, ground = canvas.one_of(
        [
            (0, 25, 150),
            (350, 30, 160),
            (320, 40, 140),
            (55, 20, 165),
            (85, 15, 180),
            (265, 35, 150),
            (300, 30, 170),
            (25, 15, 250),
        ]
    )
    width, height, unit = canvas.width, canvas.height, canvas.unit
    pale = canvas.between(0, 1) < 0.3
    canvas.gradient(
        (0, lch(0.80 if pale else 0.22, 0.04, ground)), (1, lch(0.70 if pale else 0.15, 0.045, ground + 20))
    )
    canvas.light *= (1 + 0.12 * canvas.clouds(5, 5))[..., None]
    for _ in range(70):
        tone = lch(
            canvas.between(0.55, 0.72) if pale else canvas.between(0.24, 0.44), 0.07, ground + canvas.between(-25, 15)
        )
        _leaf(canvas, canvas.between(0, width), canvas.between(0, height), unit * canvas.between(0.05, 0.11), tone)
    flowers = [
        (canvas.between(0, width), canvas.between(0, height), unit * canvas.between(0.045, 0.15)) for _ in range(26)
    ]
    for x, y, radius in sorted(flowers, key=lambda flower: flower[2]):
        _flower(canvas, x, y, radius, hue + canvas.between(-spread, spread))
    return canvas.finish()


def _leaf(canvas, x, y, length, colour):
    """A leaf with its middle vein, turned by chance."""
    if (area := canvas.patch(x, y, length)) is None:
        return
    top, left, dx, dy = area
    turn = canvas.between(0, 2 * math.pi)
    along = (dx * math.cos(turn) + dy * math.sin(turn)) / length
    across = (-dx * math.sin(turn) + dy * math.cos(turn)) / length
    edge = 0.34 * np.clip(1 - along**2, 0, None)
    shape = np.clip((edge - np.abs(across)) * length, 0, 1)
    shade = 0.86 + 0.35 * smooth(across, -0.05, 0.05) - 0.5 * np.exp(-((across / 0.012) ** 2))
    shade = shade - 0.12 * np.abs(np.sin(along * 9 + np.abs(across) * 12))
    patch = canvas.light[top : top + shape.shape[0], left : left + shape.shape[1]]
    patch += (colour * shade[..., None] - patch) * shape[..., None]


def _flower(canvas, x, y, radius, hue):
    """Rings of petals, each ring smaller, lighter and turned by half a petal, around a yellow heart."""
    # Yellow is only yellow when it is light.
    sunny = 0.20 * math.exp(-(((hue - 85) / 40) ** 2))
    petals, rings = canvas.whole(6, 12), canvas.whole(3, 5)
    turn, tone = canvas.between(0, 6), canvas.between(-0.04, 0.08)
    for ring in range(rings):
        size = 1 - 0.78 * ring / rings
        if (area := canvas.patch(x, y, radius * (size + 0.22))) is None:
            return
        top, left, dx, dy = area
        distance, angle = np.sqrt(dx * dx + dy * dy) / radius, np.arctan2(dy, dx)
        patch = canvas.light[top : top + distance.shape[0], left : left + distance.shape[1]]
        wave = np.abs(np.cos((angle + turn + ring * math.pi / petals) * (petals / 2)))
        inside = size * (0.62 + 0.38 * np.sqrt(wave)) - distance
        patch *= (1 - 0.34 * smooth(inside, -0.17, 0.02))[..., None]
        light = 0.52 + sunny + tone + (0.055 - 0.1 * sunny) * ring
        base, tip = lch(light - 0.12, 0.19, hue - 10), lch(light + 0.16, 0.14, hue + 8)
        outward = np.clip(distance / size, 0, 1)
        colour = blend(base, tip, outward * outward)
        colour *= (1 - 0.42 * smooth(wave, 0.30, 0.0))[..., None]
        lay(patch, colour, np.clip(inside * radius, 0, 1))
    if (area := canvas.patch(x, y, radius * 0.28)) is None:
        return
    top, left, dx, dy = area
    distance, angle = np.sqrt(dx * dx + dy * dy) / radius, np.arctan2(dy, dx)
    patch = canvas.light[top : top + distance.shape[0], left : left + distance.shape[1]]
    patch *= (1 - 0.35 * smooth(distance, 0.26, 0.14))[..., None]
    seeds = 1 + 0.25 * np.sin(dx / radius * 90) * np.sin(dy / radius * 90)
    gold = lch(0.80, 0.15, 82) * (seeds * (1.05 - 2.2 * distance))[..., None]
    heart = 0.16 * (1 + 0.08 * np.cos(angle * 13))
    patch += (gold - patch) * np.clip((heart - distance) * radius, 0, 1)[..., None]


PALETTES = (
    # (ground, then four that stand on it), as (lightness, chroma, hue)
    ((0.95, 0.02, 90), (0.45, 0.13, 260), (0.66, 0.12, 235), (0.66, 0.16, 45), (0.80, 0.09, 230)),
    ((0.94, 0.03, 85), (0.40, 0.09, 165), (0.72, 0.10, 160), (0.62, 0.17, 30), (0.83, 0.12, 85)),
    ((0.30, 0.05, 270), (0.93, 0.03, 85), (0.72, 0.15, 55), (0.60, 0.18, 20), (0.62, 0.09, 220)),
    ((0.93, 0.03, 60), (0.50, 0.15, 350), (0.72, 0.12, 10), (0.36, 0.08, 300), (0.82, 0.11, 70)),
    ((0.96, 0.01, 120), (0.52, 0.12, 145), (0.80, 0.14, 110), (0.33, 0.06, 200), (0.74, 0.13, 65)),
    ((0.24, 0.04, 200), (0.70, 0.11, 195), (0.90, 0.06, 180), (0.74, 0.15, 60), (0.50, 0.10, 215)),
)


def tiles(canvas):
    """A wall of glazed tiles: quarter circles, discs and triangles in five colours, now by chance, now in a pattern."""
    width, height = canvas.width, canvas.height
    colours = [lch(*colour) for colour in canvas.one_of(PALETTES)]
    across = canvas.whole(6, 9) if width > height else canvas.whole(4, 6)
    side = width / across
    down = math.ceil(height / side)
    ordered = canvas.between(0, 1) < 0.5
    motifs = [[canvas.whole(0, 6), *canvas.random.permutation(5)[:3].tolist()] for _ in range(4)]
    picture = Image.new("RGB", (width * 2, height * 2), byte_colour(colours[0]))
    brush = ImageDraw.Draw(picture)
    for row in range(down):
        for column in range(across):
            if ordered:
                motif, *tones = motifs[(row // 2 + column // 2) % 2]
                turn = [[0, 1], [3, 2]][row % 2][column % 2]
            else:
                motif, turn = canvas.whole(0, 6), canvas.whole(0, 3)
                tones = canvas.random.permutation(5)[:3].tolist()
            _tile(
                brush,
                column * side * 2,
                row * side * 2,
                side * 2,
                motif,
                turn,
                [byte_colour(colours[tone]) for tone in tones],
            )
    canvas.light[:] = np.asarray(picture.reduce(2), np.float32) / 255
    # Glaze: each tile catches the light a little differently, is rounded at its edges, and stands in a joint.
    inside_x, inside_y = canvas.x / side % 1, canvas.y / side % 1
    uneven = canvas.random.uniform(-0.035, 0.035, (down + 1, across + 1)).astype(np.float32)
    light = uneven[(canvas.y / side).astype(int), (canvas.x / side).astype(int)]
    light = light + 0.05 * (0.5 - inside_y) + 0.03 * (0.5 - inside_x) + 0.02 * canvas.clouds(6, 6)
    border = np.minimum(np.minimum(inside_x, 1 - inside_x), np.minimum(inside_y, 1 - inside_y)) * side
    canvas.light *= (1 + light)[..., None]
    canvas.cover(smooth(border, side * 0.014, side * 0.006), mix(colours[0], lch(0.6, 0.01, 80), 0.55))
    return canvas.finish(vignette=0.06)


def _tile(brush, x, y, side, motif, turn, tones):
    """One tile of seven motifs, turned by quarters; `tones` are its ground and two figures."""
    ground, figure, detail = tones
    brush.rectangle([x, y, x + side, y + side], fill=ground)
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    corner, facing = corners[turn], corners[(turn + 2) % 4]

    def circle(centre, radius, fill):
        # Around a corner only the quarter that lies in this tile: neighbours that are there already stay whole.
        box = [centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius]
        if centre in corners:
            start = [0, 90, 180, 270][corners.index(centre)]
            brush.pieslice(box, start, start + 90, fill=fill)
        else:
            brush.ellipse(box, fill=fill)

    middle = (x + side / 2, y + side / 2)
    if motif == 0:
        circle(corner, side, figure)
        circle(corner, side * 0.5, detail)
    elif motif == 1:
        circle(middle, side * 0.42, figure)
        circle(middle, side * 0.18, detail)
    elif motif == 2:
        brush.polygon([corner, corners[(turn + 1) % 4], corners[(turn + 3) % 4]], fill=figure)
    elif motif == 3:
        circle(corner, side * 0.5, figure)
        circle(facing, side * 0.5, figure)
        circle(middle, side * 0.12, detail)
    elif motif == 4:
        for ring, tone in enumerate((figure, ground, detail, ground)):
            circle(corner, side * (1 - 0.22 * ring), tone)
    elif motif == 5:
        circle(corner, side, figure)
        # A petal: what two quarter circles from facing corners share, as a polygon of their two arcs.
        points = []
        for start, centre in ((turn, corner), (turn + 2, facing)):
            for step in range(13):
                a = math.radians(start * 90 + step * 7.5)
                points.append((centre[0] + side * math.cos(a), centre[1] + side * math.sin(a)))
        brush.polygon(points, fill=detail)
    else:
        brush.polygon([middle, corner, corners[(turn + 1) % 4]], fill=figure)
        brush.polygon([middle, facing, corners[(turn + 3) % 4]], fill=detail)


def paper(canvas):
    """Sheets of cut paper one above the other, each throwing its shadow on the one below."""
    hue, turn = canvas.one_of(
        [(265, 90), (200, -60), (20, 60), (150, 60), (300, 80), (60, -60), (340, -90), (230, 170)]
    )
    width, height, unit = canvas.width, canvas.height, canvas.unit
    field = canvas.clouds(2.2 * width / unit, 2.2 * height / unit, octaves=2, roughness=0.35)
    if canvas.between(0, 1) < 0.5:
        distance = np.sqrt(
            ((canvas.x - width * canvas.between(0.35, 0.65)) / width) ** 2
            + ((canvas.y - height * canvas.between(0.35, 0.65)) / height) ** 2
        )
        field = field * 0.20 + distance * 1.55
    else:
        field = field * 0.17 + canvas.y / height * 1.05 - 0.02
    sheets = canvas.whole(7, 9)
    drop = max(1, int(unit * 0.010))
    cast = np.roll(field, (drop, drop), (0, 1))
    cast[:drop], cast[:, :drop] = field[:drop], field[:, :drop]
    dark_inside = canvas.between(0, 1) < 0.6
    grain = canvas.clouds(70, 70, octaves=2) * 0.014
    # Height decides the sheet, so the colours of all heights are worked out once, and the picture looks them up.
    heights = np.linspace(-1, 2.5, 16_384, dtype=np.float32)
    levels = 0.10 + 0.82 * np.arange(sheets) / sheets
    colours = np.tile(lch(0.30, 0.09, hue if dark_inside else hue + turn), (len(heights), 1))
    edge = 1.2 / unit
    for sheet, level in enumerate(levels):
        share = (sheet + 1) / sheets if dark_inside else 1 - sheet / sheets
        colour = lch(0.34 + 0.58 * share, 0.06 + 0.09 * math.sin(math.pi * share), hue + turn * share)
        colours += (colour - colours) * np.clip((heights - level) / edge + 0.5, 0, 1)[:, None]
        # The cut edge itself catches the light.
        colours += 0.09 * np.exp(-(((heights - level - edge * 1.5) / (edge * 1.2)) ** 2))[:, None]
    place = np.clip((field + 1) * (len(heights) / 3.5), 0, len(heights) - 1).astype(np.int32)
    canvas.light[:] = colours[place]
    # The shadow on each sheet comes from the edge of the next one above it.
    above = np.append(levels, 99).astype(np.float32)[np.searchsorted(levels, heights)][place]
    canvas.light *= (1 - 0.5 * smooth(cast - above, -0.055, 0.02))[..., None]
    canvas.light += grain[..., None]
    return canvas.finish(grain=0.006, vignette=0.05)


def tidepool(canvas):
    """Pebbles under clear water, light dancing over them, and a starfish or two."""
    hue, stone = canvas.one_of([(195, 70), (215, 50), (175, 90), (205, 20), (185, 250), (230, 60)])
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.light[:] = lch(0.30, 0.03, stone)
    pebbles = []
    for scale, count in ((0.013, 480), (0.025, 280), (0.045, 120), (0.075, 20)):
        pebbles += [
            (canvas.between(0, width), canvas.between(0, height), unit * scale * canvas.between(0.7, 1.35))
            for _ in range(count)
        ]
    for x, y, size in pebbles:
        _pebble(canvas, x, y, size, stone)
    for _ in range(canvas.whole(1, 3)):
        _starfish(
            canvas,
            canvas.between(0.15, 0.85) * width,
            canvas.between(0.15, 0.85) * height,
            unit * canvas.between(0.09, 0.14),
        )
    deep = smooth(canvas.clouds(1.6, 1.6, octaves=2), -0.5, 0.9)
    canvas.light *= lch(0.90, 0.055, hue) * 1.12
    canvas.cover(0.06 + 0.48 * deep, lch(0.50, 0.11, hue))
    # Light through ripples gathers in thin bright lines: where two slow noises meet.
    warp = canvas.clouds(5, 5, octaves=2)
    wide, tall = width / unit, height / unit
    web = np.abs(canvas.clouds(6 * wide, 6 * tall, octaves=1) + 0.5 * warp)
    fine = np.abs(canvas.clouds(9 * wide, 9 * tall, octaves=1) - 0.4 * warp)
    canvas.add(np.exp(-web * 13) * 0.26 + np.exp(-fine * 16) * 0.18, lch(0.96, 0.04, hue - 30))
    return canvas.finish()


def _pebble(canvas, x, y, size, hue):
    """A rounded stone with a lit shoulder, speckled or banded by chance."""
    if (area := canvas.patch(x, y, size * 1.3)) is None:
        return
    top, left, dx, dy = area
    turn, long = canvas.between(0, math.pi), canvas.between(0.62, 0.95)
    across = (dx * math.cos(turn) + dy * math.sin(turn)) / size
    along = (-dx * math.sin(turn) + dy * math.cos(turn)) / (size * long)
    distance = np.sqrt(across * across + along * along)
    light = canvas.between(0.38, 0.86)
    colour = lch(light, canvas.between(0.008, 0.06), hue + canvas.between(-50, 50))
    shade = 0.98 - 0.30 * distance * distance - 0.20 * (dx + dy) / size
    if canvas.between(0, 1) < 0.22:
        shade = shade + 0.30 * np.exp(-(((along + 0.3 * across) / canvas.between(0.05, 0.14)) ** 2))
    patch = canvas.light[top : top + distance.shape[0], left : left + distance.shape[1]]
    patch *= (1 - 0.5 * smooth(distance, 1.28, 0.92))[..., None]
    patch += (colour * shade[..., None] - patch) * np.clip((1 - distance) * size * 0.7, 0, 1)[..., None]


def _starfish(canvas, x, y, size):
    """Five arms with a dotted spine."""
    if (area := canvas.patch(x, y, size * 1.15)) is None:
        return
    top, left, dx, dy = area
    hue = canvas.one_of([35, 50, 20, 350, 300])
    distance = np.sqrt(dx * dx + dy * dy) / size
    angle = np.arctan2(dy, dx) + canvas.between(0, 6)
    arm = np.abs((angle * 5 / (2 * math.pi)) % 1 - 0.5) * 2  # 0 on an arm's middle line, 1 between two arms
    edge = 0.34 + 0.66 * np.clip(1 - arm * 1.02, 0, 1) ** 1.6
    inside = edge - distance
    side = arm * distance
    shade = 0.78 + 0.45 * np.clip(inside / 0.30, 0, 1) + 0.10 * np.sin(dx / size * 75) * np.sin(dy / size * 75)
    dots = np.exp(-((side / 0.030) ** 2)) * (np.sin(distance * 62) > 0.1)
    colour = lch(0.62, 0.17, hue) * shade[..., None] + 0.22 * dots[..., None]
    patch = canvas.light[top : top + distance.shape[0], left : left + distance.shape[1]]
    patch *= (1 - 0.5 * smooth(inside, -0.14, 0.02))[..., None]
    patch += (colour - patch) * np.clip(inside * size * 0.6, 0, 1)[..., None]
