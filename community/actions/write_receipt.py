"""Write the receipt of what staff put out of reach, or brought back, which is then proven address by address: see
`community.receipts`.

A member who is suspended, or a gallery, has one for its own addresses, in the transaction of the act; each of its posts has
its own, written by a task in chunks: the receipt of the whole says as far as which post, so that a task that is killed goes on
there, and the sweeper queues it again.
"""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from gallery.addresses import addresses_of
from gallery.models import GalleryPage, PostPage
from gallery.states import AuthorState, TeamState

from ..models import Avatar, Comment, Receipt, User
from ..receipts import may_ask, write_lines
from ..tasks import check_receipt, write_post_receipts

SOON = timedelta(seconds=5)  # after the act: its files go before its answer returns, and this is behind that
LATER = timedelta(minutes=2)  # for the posts of a member or a gallery: their files come and go as a task
CHUNK = 200  # posts in one task

Kind = Receipt.Kind
WHOLE = (Kind.MEMBER, Kind.GALLERY)  # what has posts in it


def write_receipt(thing, *, kind=Kind.POST, expected=Receipt.Expected.GONE):
    """Write a receipt of `thing` (what `kind` says: a post, photo, comment, gallery, member or avatar) in the transaction of
    the act, and have it checked once that has committed.

    What waits of an act before it is overtaken, and asked for no more. Done twice before it was checked, it is one. Returns
    the Receipt.
    """
    facts = facts_of(thing, kind)
    waiting = Receipt.objects.filter(kind=kind, reference=facts["reference"], due_at__isnull=False)
    if same := waiting.filter(expected=expected, tries=0, lines__isnull=True).first():
        return same
    overtake(kind, facts["reference"])
    receipt = Receipt.objects.create(kind=kind, expected=expected, posts_after=0 if kind in WHOLE else None, **facts)
    check_soon(receipt)
    if kind in WHOLE:
        write_post_receipts.enqueue(receipt.pk)
    return receipt


def overtake(kind, reference):
    """What waits about this thing is asked for no more, nor written for its posts."""
    same = Receipt.objects.filter(kind=kind, reference=reference)
    same.filter(due_at__isnull=False).update(due_at=None)
    same.filter(posts_after__isnull=False).update(posts_after=None)


def facts_of(thing, kind):
    """What a receipt says of its thing, besides its kind."""
    if isinstance(thing, PostPage):
        return {"reference": thing.short_id, "about": thing.short_id, "post": thing, "member_id": thing.author_id}
    if isinstance(thing, GalleryPage):
        about = f"{thing.author.username}/{thing.gallery_slug}"
        return {"reference": str(thing.pk), "about": about, "member_id": thing.author_id}
    if isinstance(thing, Comment):
        return {"reference": thing.key, "about": thing.key, "post": thing.post, "member_id": thing.author_id}
    if isinstance(thing, Avatar):
        return {"reference": str(thing.pk), "about": thing.user.username, "member_id": thing.user_id}
    if isinstance(thing, User):
        return {"reference": str(thing.pk), "about": thing.username, "member_id": thing.pk}
    return {"reference": thing.key, "about": thing.post.short_id, "post": thing.post, "member_id": thing.post.author_id}


def write_receipt_of_photo(photo, post):
    """Write a receipt of one photo of `post` that is taken down: the addresses of its files, while rows still name them."""
    names = {f"/{name}" for name in photo.picture.renditions.values_list("public_name", flat=True) if name}
    names |= set(photo.picture.renditions.values_list("file", flat=True))
    parts = [*names, photo.picture.original.name, f"/photos/{photo.key}/"]
    its = [address for address in addresses_of(post) if any(part in address.url for part in parts)]
    photo.post = post
    overtake(Kind.PHOTO, photo.key)
    receipt = Receipt.objects.create(kind=Kind.PHOTO, **facts_of(photo, Kind.PHOTO))
    write_lines(receipt, its)
    check_soon(receipt)
    return receipt


# --- The posts of a member or a gallery -----------------------------------------------------------------------------------


def write_for_posts(pk):
    """Write the receipts of the next CHUNK posts of a member or a gallery, and queue the rest. May run twice, and at once."""
    with transaction.atomic():
        whole = Receipt.objects.select_for_update(of=("self",)).filter(pk=pk, posts_after__isnull=False).first()
        if whole is None:
            return
        theirs = {"author": whole.reference} if whole.kind == Kind.MEMBER else {"gallery": whole.reference}
        posts = PostPage.objects.filter(pk__gt=whole.posts_after, published_at__isnull=False, **theirs)
        # What its author has deleted, or the team taken down by itself, is out of reach for another reason.
        posts = posts.filter(author_state=AuthorState.PUBLISHED, team_state=TeamState.NONE).order_by("pk")
        chunk = list(posts.only("pk", "short_id", "author")[:CHUNK])
        waiting = Receipt.objects.filter(kind=Kind.POST, post__in=chunk, due_at__isnull=False)
        waiting.update(due_at=None)
        due = timezone.now() + LATER
        Receipt.objects.bulk_create(
            Receipt(expected=whole.expected, due_at=due, **facts_of(post, Kind.POST)) for post in chunk
        )
        whole.posts_after = chunk[-1].pk if len(chunk) == CHUNK else None
        whole.save(update_fields=["posts_after"])
        if whole.posts_after is not None:
            write_post_receipts.enqueue(pk)


def queue_post_receipts_again():
    """Queue the task again for members and galleries whose posts have not all got their receipt; returns how many."""
    late = timezone.now() - LATER
    keys = list(
        Receipt.objects.filter(posts_after__isnull=False, made_at__lt=late).values_list("pk", flat=True)[:CHUNK]
    )
    for key in keys:
        write_post_receipts.enqueue(key)
    return len(keys)


# --- Having it checked ------------------------------------------------------------------------------------------------


def check_soon(receipt):
    """Queue the check for when files are gone; where nobody may be asked, the row waits for the sweeper."""
    if may_ask():
        transaction.on_commit(partial(enqueue, receipt.pk))


def enqueue(pk):
    task = check_receipt
    if task.get_backend().supports_defer:
        task = task.using(run_after=timezone.now() + SOON)
    task.enqueue(pk)
