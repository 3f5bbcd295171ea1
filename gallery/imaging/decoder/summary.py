"""What a page shows before a picture is there, and its colours: from its smallest size, so that both cost next to nothing.

The placeholder is a ThumbHash: about 25 bytes that hold the lowest frequencies of a picture. Written after the description
of the format by its author, Evan Wallace (https://evanw.github.io/thumbhash/): brightness (L) and two differences of
colours (P = yellow to blue, Q = red to green), and alpha where there is any, each as a discrete cosine transform; of each,
the mean, then the largest of the others, then the others in four bits as parts of that one.
"""

from math import cos, pi

from PIL import Image

HASH_SIDE = 32  # pixels; with 7 waves on the longer side, more change nothing
COLOUR_SIDE = 48  # pixels
MOST_COLOURS = 5
ALIKE = 40  # distance of two colours in RGB (a diagonal of 441) below which they count as one


def placeholder(picture):
    """The ThumbHash of a picture (RGB or RGBA, upright) as bytes."""
    scale = min(1, HASH_SIDE / max(picture.size))
    width, height = (max(1, round(length * scale)) for length in picture.size)
    pixels = list(picture.convert("RGBA").resize((width, height), Image.Resampling.BOX).get_flattened_data())
    opaque = sum(alpha for *_rgb, alpha in pixels) / 255
    # Where it is transparent, its mean colour shines through.
    mean = [sum(pixel[at] * pixel[3] for pixel in pixels) / 255 / 255 / (opaque or 1) for at in range(3)]
    light, yellow, red, cover = [], [], [], []
    for pixel in pixels:
        alpha = pixel[3] / 255
        r, g, b = (mean[at] * (1 - alpha) + pixel[at] / 255 * alpha for at in range(3))
        light.append((r + g + b) / 3)
        yellow.append((r + g) / 2 - b)
        red.append(r - g)
        cover.append(alpha)
    has_alpha = opaque < len(pixels) - 0.5
    most = 5 if has_alpha else 7
    across, down = (max(1, round(most * length / max(width, height))) for length in (width, height))
    l_mean, l_waves, l_most = waves(light, width, height, max(3, across), max(3, down))
    p_mean, p_waves, p_most = waves(yellow, width, height, 3, 3)
    q_mean, q_waves, q_most = waves(red, width, height, 3, 3)
    wide = width > height
    head = round(63 * l_mean) | round(31.5 + 31.5 * p_mean) << 6 | round(31.5 + 31.5 * q_mean) << 12
    head |= round(31 * l_most) << 18 | has_alpha << 23
    shape = (down if wide else across) | round(63 * p_most) << 3 | round(63 * q_most) << 9 | wide << 15
    start, all_waves = head.to_bytes(3, "little") + shape.to_bytes(2, "little"), l_waves + p_waves + q_waves
    if has_alpha:
        a_mean, a_waves, a_most = waves(cover, width, height, 5, 5)
        start += bytes([round(15 * a_mean) | round(15 * a_most) << 4])
        all_waves += a_waves
    halves = [round(15 * wave) for wave in all_waves]
    halves += [0] * (len(halves) % 2)
    return start + bytes(low | high << 4 for low, high in zip(halves[::2], halves[1::2], strict=True))


def waves(channel, width, height, across, down):
    """(mean, the other coefficients as parts from 0 to 1 of twice the largest, the largest) of a channel's transform."""
    columns = [[cos(pi / width * wave * (x + 0.5)) for x in range(width)] for wave in range(across)]
    rows = [channel[y * width : (y + 1) * width] for y in range(height)]
    # First along each row, then down: as many steps as sides and waves, instead of their product.
    along = [[sum(map(float.__mul__, row, column)) for row in rows] for column in columns]
    mean, found = 0, []
    for wave_down in range(down):
        factors = [cos(pi / height * wave_down * (y + 0.5)) for y in range(height)]
        for wave_across in range(across):
            if wave_across * down >= across * (down - wave_down):
                break
            value = sum(map(float.__mul__, along[wave_across], factors)) / (width * height)
            if wave_across or wave_down:
                found.append(value)
            else:
                mean = value
    most = min(1, max(map(abs, found), default=0))
    return mean, [0.5 + 0.5 * max(-1, min(1, value / most)) if most else 0.5 for value in found], most


def colours(picture):
    """Up to five colours of a picture (RGB or RGBA) as "#rrggbb", the most frequent first; none where all is clear."""
    scale = min(1, COLOUR_SIDE / max(picture.size))
    size = tuple(max(1, round(length * scale)) for length in picture.size)
    small = picture.convert("RGBA").resize(size, Image.Resampling.BOX)
    seen = [pixel[:3] for pixel in small.get_flattened_data() if pixel[3] >= 128]
    if not seen:
        return []
    line = Image.new("RGB", (len(seen), 1))
    line.putdata(seen)
    few = line.quantize(2 * MOST_COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=2)
    palette, chosen = few.getpalette(), []
    for count, index in sorted(few.getcolors(), reverse=True):
        colour = tuple(palette[3 * index : 3 * index + 3])
        like = next((other for other in chosen if distance(other[1], colour) < ALIKE), None)
        if like:
            like[0] += count
        else:
            chosen.append([count, colour])
    chosen.sort(reverse=True)
    return ["#{:02x}{:02x}{:02x}".format(*colour) for _count, colour in chosen[:MOST_COLOURS]]


def distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
