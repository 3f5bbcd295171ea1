"""From bytes to renditions: what the tasks of photos and of profile pictures do, and what the sweeper knows of them.

The row says how far it is (models/processing.py); nothing else is remembered. So running a task twice, or two of them at
once, changes nothing, and a worker that is killed loses nothing but time.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import Error as NoDatabase
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .files import vault
from .ids import new_secret_name
from .imaging import PictureRefused
from .models import Picture, Rendition
from .states import ProcessingState

logger = logging.getLogger(__name__)

# Together more than an hour of waiting: a storage that is away for so long costs nobody a photo.
MOST_ATTEMPTS = 6
FIRST_WAIT, LONGER = timedelta(seconds=15), 4
# More than a try takes, so that only what was lost with its worker is found past it.
FIRST_DEADLINE = timedelta(minutes=2)


def wait_after(attempts):
    """How long a row rests after so many tries that failed: 15 seconds, for a member waits for it, then four times as
    long each time, for what is down may stay so: a minute, four, sixteen, an hour."""
    return FIRST_WAIT * LONGER ** (min(attempts, MOST_ATTEMPTS) - 1) if attempts else timedelta(0)


def deadline(attempts):
    """When the sweeper queues a row again of which nobody was heard since a try, number `attempts`, began (0: was queued)."""
    return timezone.now() + FIRST_DEADLINE + wait_after(attempts)


# --- What is processed ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """One kind of rows that wait for the worker: what the sweeper calls them, their model, and their task."""

    name: str
    model: type
    task: object


_kinds = {}


def register(name, model, task):
    """Have the sweeper look after the rows of `model`, a Processed one; `task` takes a primary key. `name` is a plural."""
    _kinds[model] = Kind(name, model, task)


def kinds():
    """All registered kinds."""
    return list(_kinds.values())


def kind_of(row):
    """The Kind of a row."""
    return _kinds[type(row)]


# --- The work ---------------------------------------------------------------------------------------------------------

# What the one decode finds, under the same names in imaging.Rendered and on Picture.
FOUND = ("width", "height", "placeholder", "colours", "camera", "animated")


def process(row, render, then=None):
    """Make the renditions of `row`, a photo or profile picture that waits for them; True when it is ready.

    `render(file)` gets the open original and returns an imaging.Rendered, or raises PictureRefused: then the row has
    failed, with the reason for its author. Any other error (a storage, the machine) goes on: the row stays as it is and
    is queued again for a little later. `then(row)` is what follows when it is ready; it may run twice, and is repeated as
    well.
    """
    try:
        return carry_through(row, render, then)
    except Exception:
        if row.state == ProcessingState.PENDING:
            try_again_soon(row)
        raise


def try_again_soon(row):
    """Queue a row, as it was read before a try that failed, once more for after its wait. Past its deadline it is the
    sweeper's: where the database failed as well, or what follows fails again."""
    attempts, task = row.attempts + 1, kind_of(row).task
    if attempts < MOST_ATTEMPTS and task.get_backend().supports_defer:
        with suppress(NoDatabase):
            task.using(run_after=timezone.now() + wait_after(attempts)).enqueue(row.pk)


def carry_through(row, render, then):
    """One try: `process` without its net."""
    rows = type(row).objects.filter(pk=row.pk, picture=row.picture_id)
    if row.state == ProcessingState.PENDING:
        make_ready(row, rows.filter(state=ProcessingState.PENDING), render, keep_deadline=then is not None)
        row = rows.select_related("picture").first()
    if row is None or not row.is_ready:
        return False
    if then is not None:
        then(row)
        # Only now: a worker that is killed before it is found by its deadline.
        rows.filter(state=ProcessingState.READY, retry_at__isnull=False).update(retry_at=None)
    return True


def make_ready(row, waiting, render, *, keep_deadline):
    """Decode once, keep the private renditions and mark the row, alone in the queryset `waiting`, ready or failed."""
    if not waiting.update(attempts=F("attempts") + 1, retry_at=deadline(row.attempts + 1)):
        return
    try:
        with vault().open(row.picture.original.name) as file:
            rendered = render(file)
    except PictureRefused as refusal:
        logger.warning("%s %s cannot be processed: %s", row._meta.object_name, row.pk, refusal.code)
        waiting.update(state=ProcessingState.FAILED, failure=str(refusal.message)[:200], retry_at=None)
        return

    def mark_ready():
        # Queries, no saves: those would queue work for Wagtail's search index, where members' pictures do not stand.
        found = {name: getattr(rendered, name) for name in FOUND if hasattr(rendered, name)}
        Picture.objects.filter(pk=row.picture_id).update(**found)
        deadlines = {} if keep_deadline else {"retry_at": None}
        waiting.update(state=ProcessingState.READY, failure="", **deadlines)

    keep_renditions(row.picture, rendered, mark_ready)


def keep_renditions(picture, rendered, change=lambda: None):
    """Write the files of `rendered` (imaging.Rendered) below `derived/`, then in one transaction their rows and `change()`.

    Safe to run twice: what is there stays, and a file that no row took goes again. A picture that was removed meanwhile
    gets nothing, and nothing of it is left.
    """
    existing = set(picture.renditions.values_list("filter_spec", flat=True))
    folder, names = new_secret_name(), {}
    try:
        for made in rendered.files:
            if made.spec not in existing:
                name = f"derived/{folder}/{new_secret_name()}.{made.extension}"
                names[made.spec] = vault().save(name, ContentFile(made.data))
        with transaction.atomic():
            taken = take_files(picture, rendered, names)
            if taken is not None:
                change()
        for spec in taken or ():
            del names[spec]
    finally:
        for name in names.values():
            vault().delete(name)


def take_files(picture, rendered, names):
    """Make the rows of the files that were written, {spec: name}, where there are none yet; returns their specs.

    None where the picture is gone. Locked, so that of two workers one sees what the other has made.
    """
    if not list(Picture.objects.select_for_update().filter(pk=picture.pk).values_list("pk", flat=True)):
        return None
    existing = set(picture.renditions.values_list("filter_spec", flat=True))
    taken = [made for made in rendered.files if made.spec in names and made.spec not in existing]
    for made in taken:
        Rendition.objects.create(
            image=picture,
            filter_spec=made.spec,
            focal_point_key="",
            file=names[made.spec],
            width=made.width,
            height=made.height,
            mime=made.mime,
        )
    return [made.spec for made in taken]
