"""Posts that look like what a case is about: found by a task once the case is opened, and kept with it.

A case says by `alike_due_at` that it waits. What was found is written in the transaction that ends that, so a worker that is
killed leaves the case waiting, and whoever comes second finds nothing to do. See `gallery.look_alikes` for the reading.
"""

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.look_alikes import DEADLINE, likenesses_of_original, nearest
from gallery.models import Original, Photo, Rendition
from gallery.states import AuthorState, TeamState

from .models import Case, LookAlike

BATCH = 32  # cases that one reading serves
MOST = 12  # posts that a case keeps
# Up to how many of 256 bits, in words. See docs/decisions/0010: what was only saved anew differs in some 16 at most.
WORDS = (
    (16, gettext_lazy("Nearly the same")),
    (40, gettext_lazy("Very alike")),
    (256, gettext_lazy("Alike")),
)


def cases_due():
    return Case.objects.filter(alike_due_at__lte=timezone.now())


def look_for_cases():
    """Find what looks like the posts of cases that wait; True where more of these wait. May be done twice, and at once."""
    due = list(cases_due().order_by("alike_due_at", "pk")[:BATCH])
    Case.objects.filter(pk__in=[case.pk for case in due]).update(alike_due_at=timezone.now() + DEADLINE)
    wanted, cases = {}, {}
    for case in due:
        for original in Original.objects.filter(pictures__photo__in=Photo.objects.current().filter(post=case.post_id)):
            wanted[original.pk] = likenesses_of_original(original)
            cases.setdefault(case, []).append(original.pk)
    found = nearest(wanted)
    for case in due:
        own = cases.get(case, ())
        keep(case, sorted({one for key in own for one in found[key] if one.original not in own}))
    return len(due) == BATCH


def keep(case, alikes):
    """Write down the nearest of `alikes` with `case`, which waits no longer; nothing where another worker was faster."""
    with transaction.atomic():
        waiting = Case.objects.select_for_update(of=("self",)).filter(pk=case.pk, alike_due_at__isnull=False)
        if not list(waiting.values_list("pk", flat=True)):
            return
        LookAlike.objects.filter(case=case).delete()
        LookAlike.objects.bulk_create(look_alikes(case, alikes))
        Case.objects.filter(pk=case.pk).update(alike_due_at=None)


def look_alikes(case, alikes):
    """The rows of up to MOST posts, each by its nearest photo; drafts are their authors' alone."""
    rows = {}
    for one in alikes:
        photos = Photo.objects.current().filter(picture__original=one.original).exclude(post__in=[case.post_id, *rows])
        photos = photos.exclude(post__author_state=AuthorState.DRAFT).exclude(post__team_state=TeamState.ERASED)
        for photo in photos.order_by("pk")[: MOST - len(rows)]:
            row = LookAlike(case=case, photo=photo, distance=one.bits, mirrored=one.mirrored)
            rows.setdefault(photo.post_id, row)
        if len(rows) >= MOST:
            break
    return rows.values()


def look_alikes_of(case):
    """What was found for `case`, the nearest first, each with `file`, the name of a small rendition. One query."""
    if case.post_id is None:
        return []
    small = Rendition.objects.filter(image=OuterRef("photo__picture"), filter_spec__startswith="width-").order_by(
        "width"
    )
    found = LookAlike.objects.filter(case=case).select_related(
        "photo__picture", "photo__post__author", "photo__post__gallery"
    )
    return list(found.annotate(file=Subquery(small.values("file")[:1])).order_by("distance", "pk"))


def in_words(look_alike):
    """How alike, for people."""
    words = next(words for bits, words in WORDS if look_alike.distance <= bits)
    how = _("%(words)s, mirrored") if look_alike.mirrored else "%(words)s"
    return how % {"words": words}


def queue_cases_again():
    """Queue the task where a reading was lost, or its storage was down: 1 where it was queued."""
    from .tasks import find_look_alikes_of_cases

    if not cases_due().exists():
        return 0
    find_look_alikes_of_cases.enqueue()
    return 1
