"""Which pictures look like given ones, among all that we have: other people's public posts of what was just banned.

No index knows nearness in bits, so all likenesses are read, by primary key, CHUNK at a time: seconds for a million (see
docs/decisions/0010). So it is a task, and one reading serves whatever waits: `alike_due_at` says what does. What was found is
kept in the same transaction that says that nothing waits any more; a worker that is killed leaves it waiting.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from PIL import Image

from .files import vault
from .likeness import likenesses_of
from .models import BanMatch, BannedPicture, Original, Photo, Picture, PostPage
from .models.pictures import PRIVATE

logger = logging.getLogger(__name__)

CHUNK = 50_000  # likenesses that are held in memory at a time
DEADLINE = timedelta(minutes=10)  # after which the sweeper takes a reading for lost
BATCH = 64  # banned pictures that one reading serves
MOST_FOUND = 200  # nearest originals of each
MOST_POSTS = 100  # of one banned picture that become cases
# Sent in a transaction with `posts`, public ones of other people that look like a picture that is banned: whoever knows of
# cases listens (community/signals.py).
look_alikes_found = Signal()


@dataclass(frozen=True, order=True)
class Alike:
    """An original that looks like what was asked for: in how many bits it differs, its primary key, whether mirrored."""

    bits: int
    original: int
    mirrored: bool = False


# --- What a picture looks like ------------------------------------------------------------------------------------------


def likenesses_in(picture, *, shown=False):
    """The likenesses of a picture and of its mirror image, from its smallest rendition; none where it shows too little.

    Of a profile picture that is the whole one, unless what is `shown` is asked for: the square. Reads one file of the vault.
    """
    renditions = picture.renditions.all()
    whole = [one for one in renditions if one.filter_spec.startswith(PRIVATE)] if not shown else []
    whole = whole or [one for one in renditions if one.filter_spec.startswith("width-")]
    if not whole:
        return []
    smallest = min(whole, key=lambda one: one.width)
    with vault().open(smallest.file.name) as file, Image.open(file, formats=["WEBP", "JPEG"]) as image:
        return likenesses_of(image)


def likenesses_of_original(original):
    """The same of an original, from whichever picture shows it; what we know of it where its rendition is gone."""
    picture = Picture.objects.filter(original=original, renditions__isnull=False).order_by("pk").first()
    try:
        found = likenesses_in(picture) if picture else []
    except FileNotFoundError:
        found = []
    return found or [original.likeness] * bool(original.likeness)


# --- The reading --------------------------------------------------------------------------------------------------------


def nearest(wanted):
    """The originals that look like what is `wanted`, {key: likenesses, the second that of the mirror image}.

    As {key: Alikes}, the nearest first, at most MOST_FOUND of each, within BANNED_DISTANCE bits. One reading for all.
    """
    import numpy  # only workers have need of it

    targets = [
        (key, bool(mirrored), numpy.frombuffer(bytes.fromhex(likeness), "u8"))
        for key, likenesses in wanted.items()
        for mirrored, likeness in enumerate(likenesses)
    ]
    found = {key: {} for key in wanted}
    for keys, likenesses in chunks() if targets else ():
        words = numpy.frombuffer(bytes.fromhex("".join(likenesses)), "u8").reshape(len(keys), -1)
        stored = numpy.ascontiguousarray(words.T)
        for key, mirrored, target in targets:
            # Word by word, which is five times as fast as adding up along the rows.
            bits = numpy.zeros(len(keys), "u2")
            for column, word in zip(stored, target, strict=True):
                bits += numpy.bitwise_count(column ^ word)
            for place in numpy.flatnonzero(bits <= settings.BANNED_DISTANCE):
                one = Alike(int(bits[place]), keys[place], mirrored)
                found[key][one.original] = min(one, found[key].get(one.original, one))
        for key, alikes in found.items():
            found[key] = {one.original: one for one in sorted(alikes.values())[:MOST_FOUND]}
    return {key: list(alikes.values()) for key, alikes in found.items()}


def chunks():
    """(primary keys, likenesses) of all originals that have one."""
    known, last = Original.objects.exclude(likeness=""), 0
    while rows := list(known.filter(pk__gt=last).order_by("pk").values_list("pk", "likeness")[:CHUNK]):
        yield tuple(zip(*rows, strict=True))
        last = rows[-1][0]


# --- What was banned ----------------------------------------------------------------------------------------------------


def banned_due():
    return BannedPicture.objects.filter(alike_due_at__lte=timezone.now())


def look_for_banned():
    """Find the public look-alikes of pictures that were banned; True where more of these wait. May be done twice."""
    due = list(banned_due().order_by("alike_due_at", "pk")[:BATCH])
    BannedPicture.objects.filter(pk__in=[banned.pk for banned in due]).update(alike_due_at=timezone.now() + DEADLINE)
    originals = Original.objects.in_bulk([banned.sha256 for banned in due], field_name="sha256")
    found = nearest(
        {banned.pk: likenesses_of_original(originals[banned.sha256]) for banned in due if banned.sha256 in originals}
    )
    for banned in due:
        tell_of(banned, found.get(banned.pk, ()), originals.get(banned.sha256))
    return len(due) == BATCH


def tell_of(banned, alikes, original):
    """Say which public posts look like `banned`, in the transaction that ends its waiting."""
    with transaction.atomic():
        waiting = BannedPicture.objects.select_for_update().filter(pk=banned.pk, alike_due_at__isnull=False)
        if not list(waiting.values_list("pk", flat=True)):
            return  # another worker was faster, or it was taken off the list
        if posts := public_posts(banned, alikes, original):
            logger.warning("%s public posts look like the banned picture %s.", len(posts), banned)
            look_alikes_found.send(BannedPicture, banned=banned, posts=posts)
        BannedPicture.objects.filter(pk=banned.pk).update(alike_due_at=None)


def public_posts(banned, alikes, original):
    """Other people's public posts of what looks like `banned`, the nearest first; not what staff have let through.

    A takedown has dealt with the posts of the same file; for a hash that staff entered they are found here.
    """
    own = PostPage.objects.filter(short_id=banned.about).values("author")
    posts = PostPage.objects.visible().exclude(author__in=own).select_related("author", "gallery")
    photos = Photo.objects.showable().exclude(pk__in=BanMatch.objects.filter(banned=banned).values("photo"))
    found = {}
    for one in alikes:
        if banned.about and one.original == original.pk:
            continue
        seen = posts.filter(pk__in=photos.filter(picture__original=one.original).values("post")).exclude(pk__in=found)
        found |= {post.pk: post for post in seen.order_by("pk")[: MOST_POSTS - len(found)]}
        if len(found) >= MOST_POSTS:
            break
    return list(found.values())


def queue_banned_again():
    """Queue the task where a reading was lost, or its storage was down: 1 where it was queued."""
    from .tasks import find_banned_look_alikes

    if not banned_due().exists():
        return 0
    find_banned_look_alikes.enqueue()
    return 1
