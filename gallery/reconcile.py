"""Comparing what rows say with what storages hold, and putting right what differs.

Two rules keep this safe beside a site that is running. Nothing is mended on the strength of a listing alone: each
repair looks again, under a lock where one exists. And files younger than an hour are left alone where their row may
still be on its way. Rows and listings are read in order and side by side, so memory stays the same for any number.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby, islice

from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from . import imaging, original_checks, photo_checks, processing
from .actions.expire_unattached_original import expire_unattached_original, expired_originals
from .actions.remove_unused_original import remove_unused_original
from .files import media, vault
from .flags import follow_one
from .ledger import write_out_pending
from .locks import lock
from .models import Erasure, GalleryPage, LedgerEntry, Original, Photo, PostPage, Publication, Rendition, Upload
from .models.originals import name_in_vault
from .parts import FOLDER, drop_parts, key_of, scratch
from .publication import NotVisible, close_publications, finish_closing, open_publication, show_when_ready
from .states import VISIBLE, AuthorState, HiddenBy, ProcessingState, TeamState, Visibility
from .sweep import (
    closed_galleries_to_follow,
    follow_closed_galleries,
    narrowed_galleries_to_follow,
    overdue,
    queue_again,
    ready_posts_not_shown,
    unfinished_publications,
)
from .tasks import follow_gallery

logger = logging.getLogger(__name__)

SETTLED = timedelta(hours=1)
PARTS_SETTLED = timedelta(days=1)
CHUNK = 200  # publications compared at a time
MOST_MENDS = 10_000  # of one check in one run: the rest is counted, and mended by the next run

# What can be found; True where every run mends it, because it is unsafe or was only interrupted.
KINDS = {
    "publication_of_hidden_post": True,
    "unfinished_publication": True,
    "public_file_without_open_publication": True,
    "public_file_without_row": True,
    "live_differs_from_states": True,
    "closed_gallery_with_visible_posts": True,
    "open_gallery_with_hidden_posts": True,
    "narrowed_gallery_with_wider_posts": True,
    "post_narrower_than_it_says": True,
    "pending_ledger_entry": True,
    "overdue_photo": True,
    "ready_post_not_shown": True,
    "shown_post_without_publication": True,
    "rendition_without_public_file": True,
    "original_without_row": False,
    "original_without_file": False,
    "erased_original_with_row": False,
    "unattached_original": False,
    "derived_file_without_row": False,
    "rendition_without_file": False,
    "upload_part_without_row": True,
    **photo_checks.KINDS,
    **original_checks.KINDS,
}


@dataclass
class Finding:
    """One difference: its kind (see KINDS), what it is called, and what would mend it (None: only people can)."""

    kind: str
    name: str
    mend: object = None


# What other apps add on what is theirs, from their `apps.py`.
_further_checks = []
_owners = {}
# Folders below `derived/` that hold no renditions: whoever registered one looks after it.
_others_folders = []


def leave_folder(prefix):
    """Have `reconcile` leave the vault's files below `prefix` to a check of whose they are."""
    _others_folders.append(prefix)


def register_check(check, kinds):
    """Have `reconcile` call `check(at_once)` too, which yields Findings of `kinds` ({kind: whether every run mends it})."""
    KINDS.update(kinds)
    _further_checks.append(check)


def register_owner(kind, show_again):
    """Say what publishes a picture of this `kind`, which stands in no post, anew where its public file is missing.

    `show_again(picture)` is False where there was nothing to do.
    """
    _owners[kind] = show_again


def reconcile(*, mend=False, also=(), at_once=False, vault_too=True, verify=False):
    """Compare everything, mend what is unsafe or was interrupted, with `mend` the rest, or those kinds of it that `also`
    names; returns counts by kind.

    {"found": {kind: count}, "mended": {kind: count}}, every kind of KINDS in both. Each finding is named in the log.
    `at_once` takes young files and unfinished work too: for a site where nothing else is running. `vault_too` False
    leaves the vault's listings out, which are long where there are many pictures. `verify` reads all originals as well.
    """
    found, mended = Counter(dict.fromkeys(KINDS, 0)), Counter(dict.fromkeys(KINDS, 0))
    settled = timezone.now() + timedelta(days=1) if at_once else timezone.now() - SETTLED
    checks = [hidden_but_published, partial(unfinished, at_once), partial(public_files, settled), states_of_posts]
    checks += [
        partial(interrupted, at_once),
        partial(photos, at_once),
        shown_but_not_published,
        partial(parts_of_uploads, at_once),
    ]
    checks += [partial(check, at_once) for check in _further_checks]
    if vault_too:
        checks += [partial(originals, settled), partial(derived_files, settled)]
    if verify:
        checks.append(damaged_originals)
    for check in checks:
        # Mended after the check has read to its end: on SQLite an open read would keep the write from beginning.
        mends = []
        for finding in check():
            found[finding.kind] += 1
            logger.warning("Found %s: %s", finding.kind.replace("_", " "), finding.name)
            wanted = mend or KINDS[finding.kind] or finding.kind in also
            if finding.mend and wanted and len(mends) < MOST_MENDS:
                mends.append(finding)
        for finding in mends:
            mended[finding.kind] += apply(finding)
    for storage in (vault(), media()):
        storage.remove_unfinished()
    return {"found": dict(found), "mended": dict(mended)}


def apply(finding):
    """1 when the finding was mended, 0 when it was not, or is none any more."""
    try:
        return int(finding.mend() is not False)
    except NotVisible:
        return 0
    except Exception:
        logger.exception("Could not mend %s: %s", finding.kind.replace("_", " "), finding.name)
        return 0


def shown():
    """Posts whose files may lie on the media host: the rule of `visible()`, and open galleries and authors."""
    return PostPage.objects.visible().filter(
        gallery__author_state=AuthorState.PUBLISHED,
        gallery__team_state=TeamState.NONE,
        effective_visibility__in=(Visibility.PUBLIC, Visibility.UNLISTED),
        gallery__visibility__in=(Visibility.PUBLIC, Visibility.UNLISTED),
        author__in=get_user_model().objects.members(),
    )


def photos(at_once):
    for kind, name, mend in photo_checks.photos_and_purges(at_once):
        yield Finding(kind, name, mend)


def damaged_originals():
    for kind, name, mend in original_checks.damaged_originals():
        yield Finding(kind, name, mend)


# --- Public files of what is not public -------------------------------------------------------------------------------


def hidden_but_published():
    """Open publications of posts that nobody may see: raw SQL, a lost task, or a defect of ours."""
    is_shown = Exists(shown().filter(pk=OuterRef("post_id")))
    publications = Publication.objects.filter(state=Publication.State.OPEN, post__isnull=False).exclude(is_shown)
    for post_id, prefix in publications.order_by("pk").values_list("post_id", "prefix").iterator():
        yield Finding("publication_of_hidden_post", prefix, partial(close_if_hidden, post_id))


def close_if_hidden(post_id):
    with transaction.atomic():
        post = lock(PostPage(pk=post_id))
        if shown().filter(pk=post_id).exists():
            return False
        close_publications(post)
    return True


def unfinished(at_once):
    for publication in unfinished_publications(at_once=at_once).iterator():
        yield Finding("unfinished_publication", publication.prefix, partial(finish_closing, publication))


def public_files(settled):
    """Walk through the media host's listing and the open publications side by side."""
    listing = groupby(media().list_names(), key=lambda entry: entry[0].partition("/")[0])
    groups = ((prefix, [(name, modified) for name, _size, modified in entries]) for prefix, entries in listing)
    opened = Publication.objects.filter(state=Publication.State.OPEN).order_by("prefix")
    pairs = paired(groups, ((publication.prefix, publication) for publication in opened.iterator()))
    while chunk := list(islice(pairs, CHUNK)):
        yield from compare_public_files(chunk, settled)


def compare_public_files(chunk, settled):
    alone = [prefix for prefix, _files, publication in chunk if publication is None]
    known = {publication.prefix: publication for publication in Publication.objects.filter(prefix__in=alone)}
    named, unnamed = public_names([publication or known.get(prefix) for prefix, _files, publication in chunk])
    for prefix, files, publication in chunk:
        publication = publication or known.get(prefix)
        files = files or []
        if publication is None or publication.state == Publication.State.CLOSED:
            # Without a row, the row may not be committed yet; a closed one was, and is over.
            if publication or all(modified < settled for _name, modified in files):
                mend = partial(delete_public_files, prefix, [name for name, _modified in files])
                yield Finding("public_file_without_open_publication", f"{prefix}/ ({len(files)} files)", mend)
        elif publication.state == Publication.State.OPEN:
            wanted = named.get(prefix, set())
            for name, modified in files:
                if name not in wanted and modified < settled:
                    yield Finding("public_file_without_row", name, partial(delete_unnamed_public_file, name))
            missing = wanted - {name for name, _modified in files}
            if missing or publication.post_id in unnamed:
                name = min(missing, default=f"{prefix}/")
                yield Finding("rendition_without_public_file", name, partial(make_public_again, publication, name))


def public_names(publications):
    """What rows of these publications' posts and pictures name: ({prefix: {name}}, {post with a photo that has no name}).

    A photo that may not be shown has none, and one that is on its way into the post has none yet.
    """
    opened = [p for p in publications if p is not None and p.state == Publication.State.OPEN]
    of_these = Q(image__photo__post__in=[p.post_id for p in opened if p.post_id])
    of_these |= Q(image__in=[p.picture_id for p in opened if p.picture_id])
    named = {}
    for name in Rendition.objects.filter(of_these).exclude(public_name="").values_list("public_name", flat=True):
        named.setdefault(name.partition("/")[0], set()).add(name)
    shown = Photo.objects.showable().filter(post__in=[p.post_id for p in opened if p.post_id], retry_at=None)
    return named, set(shown.filter(picture__renditions__public_name="").values_list("post_id", flat=True))


def delete_public_files(prefix, names):
    if Publication.objects.filter(prefix=prefix).exclude(state=Publication.State.CLOSED).exists():
        return False
    for name in names:
        media().delete(name)
    return True


def delete_unnamed_public_file(name):
    if Rendition.objects.filter(public_name=name).exists():
        return False
    media().delete(name)
    return True


def make_public_again(publication, name):
    """Publish a post anew whose public file is missing; of an editorial picture, let the library make it anew."""
    if publication.post_id:
        open_publication(PostPage.objects.get(pk=publication.post_id), lambda post: None)
    elif publication.picture and publication.picture.kind in _owners:
        return _owners[publication.picture.kind](publication.picture)
    else:
        Rendition.objects.filter(image=publication.picture_id, public_name=name).delete()
    return True


# --- States and what follows from them --------------------------------------------------------------------------------


def states_of_posts():
    for live, posts in ((True, PostPage.objects.exclude(VISIBLE)), (False, PostPage.objects.filter(VISIBLE))):
        for pk, short_id in posts.filter(live=live).order_by("pk").values_list("pk", "short_id").iterator():
            yield Finding("live_differs_from_states", short_id, partial(derive_live, pk))
    for gallery in closed_galleries_to_follow().iterator():
        yield Finding("closed_gallery_with_visible_posts", gallery.address(), follow_closed_galleries)
    flagged = PostPage.objects.annotate(flag=F("hidden_by").bitand(int(HiddenBy.GALLERY_TAKEN_DOWN))).filter(flag__gt=0)
    opened = GalleryPage.objects.filter(team_state=TeamState.NONE)
    for pk in opened.filter(Exists(flagged.filter(gallery=OuterRef("pk")))).values_list("pk", flat=True).iterator():
        yield Finding("open_gallery_with_hidden_posts", str(pk), partial(follow_gallery.enqueue, pk))
    for gallery in narrowed_galleries_to_follow().iterator():
        yield Finding(
            "narrowed_gallery_with_wider_posts", gallery.address(), partial(follow_gallery.enqueue, gallery.pk)
        )
    for post in posts_to_widen().iterator():
        yield Finding("post_narrower_than_it_says", post.short_id, partial(follow_one, post))


def posts_to_widen():
    """Visible posts that are for fewer people than they and their gallery say: the task that widens them was lost."""
    both = Q(visibility=Visibility.PUBLIC, gallery__visibility=Visibility.PUBLIC)
    wide = Q(visibility__in=(Visibility.PUBLIC, Visibility.UNLISTED))
    wide &= Q(gallery__visibility__in=(Visibility.PUBLIC, Visibility.UNLISTED))
    narrow = Q(both, ~Q(effective_visibility=Visibility.PUBLIC)) | Q(wide, effective_visibility=Visibility.FOLLOWERS)
    return PostPage.objects.visible().filter(narrow).order_by("pk")


def derive_live(pk):
    with transaction.atomic():
        lock(PostPage(pk=pk)).save(update_fields=["live"])


def interrupted(at_once):
    """What the sweeper would do as well."""
    for name in LedgerEntry.objects.values_list("name", flat=True)[:MOST_MENDS]:
        yield Finding("pending_ledger_entry", name, write_out_pending)
    for kind in processing.kinds():
        for row in overdue(kind.model, at_once=at_once).iterator():
            yield Finding("overdue_photo", f"{kind.name} {row.pk}", partial(queue_again, row))
    for post in ready_posts_not_shown(at_once=at_once).iterator():
        yield Finding("ready_post_not_shown", post.short_id, partial(show_when_ready, post))


def shown_but_not_published():
    """Visible posts without an open publication: visitors would get their pictures through the slow private view."""
    has_one = Exists(Publication.objects.filter(post=OuterRef("pk"), state=Publication.State.OPEN))
    for post in shown().exclude(has_one).order_by("pk").iterator():
        yield Finding("shown_post_without_publication", post.short_id, partial(publish_again, post))


def publish_again(post):
    if Publication.objects.filter(post=post, state=Publication.State.OPEN).exists():
        return False
    open_publication(post, lambda locked: None)
    return True


# --- The vault --------------------------------------------------------------------------------------------------------


def originals(settled):
    files = ((name, (size, modified)) for name, size, modified in vault().list_names("originals/"))
    rows = Original.objects.order_by("sha256").values_list("sha256", flat=True).iterator()
    for name, file, row in paired(files, ((name_in_vault(sha256), sha256) for sha256 in rows)):
        if row is None and file[1] < settled:
            yield Finding("original_without_row", name, partial(adopt_original, name, file[0]))
        elif file is None and not vault().exists(name) and was_erased(row):
            yield Finding("erased_original_with_row", name, partial(forget_erased, row))
        elif file is None and not vault().exists(name):
            logger.error("The original %s is lost: bring it back from a backup.", name)
            yield Finding("original_without_file", name)
    for original in expired_originals().iterator():
        yield Finding("unattached_original", original.name, partial(expire_unattached_original, original))


def was_erased(sha256):
    return Erasure.objects.filter(kind=Erasure.Kind.ORIGINAL, sha256=sha256).exists()


def forget_erased(sha256):
    """Remove the row of a file that was erased by order, where that was interrupted after its post had gone. Where pictures
    name it still, an administrator has to erase that post once more."""
    original = Original.objects.filter(sha256=sha256).first()
    return original is not None and remove_unused_original(original, why="erased by order")


def adopt_original(name, size):
    """Give a file without a row its row. Where nobody comes for it, it expires like every unattached original.

    Never deleted here: somebody may be uploading the same bytes at this moment, and would find them in place.
    """
    sha256 = name.rpartition("/")[2]
    if len(sha256) != 64 or name != name_in_vault(sha256):
        logger.error("%s is no original of ours: look who put it there.", name)
        return False
    facts = {"mime": "application/octet-stream", "width": 0, "height": 0}
    try:
        with vault().open(name) as file:
            seen = imaging.inspect(File(file))
        facts = {"mime": seen.mime, "width": seen.width, "height": seen.height}
    except imaging.PictureRefused as refusal:
        logger.warning("%s is no picture: %s", name, refusal.code)
    return Original.objects.get_or_create(sha256=sha256, defaults={"size": size, **facts})[1]


def derived_files(settled):
    others = tuple(_others_folders)
    files = (
        (name, modified)
        for name, _size, modified in vault().list_names("derived/")
        if not (others and name.startswith(others))
    )
    rows = Rendition.objects.order_by("file").values_list("file", "pk").iterator()
    for name, modified, pk in paired(files, rows):
        if pk is None and modified < settled:
            yield Finding("derived_file_without_row", name, partial(delete_unnamed_derived_file, name))
        elif modified is None and not vault().exists(name):
            yield Finding("rendition_without_file", name, partial(make_rendition_again, pk))


def delete_unnamed_derived_file(name):
    if Rendition.objects.filter(file=name).exists():
        return False
    vault().delete(name)
    return True


def make_rendition_again(pk):
    """Forget a rendition whose private file is gone, and have its photo processed again; the post is published anew."""
    rendition = Rendition.objects.filter(pk=pk).first()
    if rendition is None:
        return False
    picture = rendition.image_id
    rendition.delete()
    for kind in processing.kinds():
        for row in kind.model.objects.filter(picture=picture):
            again = {"state": ProcessingState.PENDING, "attempts": 0, "retry_at": timezone.now()}
            kind.model.objects.filter(pk=row.pk).update(**again)
            kind.task.enqueue(row.pk)
    return True


# --- The scratch storage ----------------------------------------------------------------------------------------------


def parts_of_uploads(at_once):
    """Parts that no upload's row names: their request was killed, or lost a race, or could not delete them at the end."""
    if not hasattr(scratch(), "list_names"):
        return
    settled = timezone.now() + timedelta(days=1) if at_once else timezone.now() - PARTS_SETTLED
    for name, _size, modified in scratch().list_names(FOLDER):
        if modified < settled and not is_part(name):
            yield Finding("upload_part_without_row", name, partial(delete_unnamed_part, name))


def is_part(name):
    return name in (Upload.objects.filter(key=key_of(name)).values_list("parts", flat=True).first() or ())


def delete_unnamed_part(name):
    if is_part(name):
        return False
    drop_parts([name])
    return True


def paired(left, right):
    """Walk two iterators of (key, value), each sorted by key: yields (key, left value or None, right value or None)."""
    left, right = iter(left), iter(right)
    one, other = next(left, None), next(right, None)
    while one or other:
        if other is None or (one and one[0] < other[0]):
            yield one[0], one[1], None
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            yield other[0], None, other[1]
            other = next(right, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(left, None), next(right, None)
