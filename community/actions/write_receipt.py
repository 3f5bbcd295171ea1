"""Write the receipt of a takedown, or of a restore, which is then proven address by address: see `community.receipts`."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from gallery.addresses import addresses_of

from ..models import Receipt
from ..receipts import may_ask, write_lines
from ..tasks import check_receipt

SOON = timedelta(seconds=5)  # after the act: its files go before its answer returns, and this is behind that


def write_receipt(post, *, expected=Receipt.Expected.GONE):
    """Write a receipt of `post` in the transaction of the act, and have it checked once that has committed.

    What waits of an act before it is overtaken, and asked for no more. Done twice before it was checked, it is one. Returns
    the Receipt.
    """
    waiting = Receipt.objects.filter(post=post, due_at__isnull=False)
    if same := waiting.filter(expected=expected, tries=0, lines__isnull=True).first():
        return same
    waiting.update(due_at=None)
    receipt = Receipt.objects.create(post=post, about=post.short_id, expected=expected)
    check_soon(receipt)
    return receipt


def write_receipt_of_photo(photo, post):
    """Write a receipt of one photo of `post` that is taken down: the addresses of its files, while rows still name them."""
    names = {f"/{name}" for name in photo.picture.renditions.values_list("public_name", flat=True) if name}
    names |= set(photo.picture.renditions.values_list("file", flat=True))
    parts = [*names, photo.picture.original.name, f"/photos/{photo.key}/"]
    its = [address for address in addresses_of(post) if any(part in address.url for part in parts)]
    receipt = Receipt.objects.create(post=post, about=post.short_id)
    write_lines(receipt, its)
    check_soon(receipt)
    return receipt


def overtake_photo(key, post):
    """The photo with this key is shown again: receipts of it that wait are asked for no more."""
    about = Receipt.objects.filter(post=post, due_at__isnull=False, lines__url__contains=f"/photos/{key}/")
    Receipt.objects.filter(pk__in=list(about.exclude(lines__role="own").values_list("pk", flat=True))).update(
        due_at=None
    )


def check_soon(receipt):
    """Queue the check for when files are gone; where nobody may be asked, the row waits for the sweeper."""
    if may_ask():
        transaction.on_commit(partial(enqueue, receipt.pk))


def enqueue(pk):
    task = check_receipt
    if task.get_backend().supports_defer:
        task = task.using(run_after=timezone.now() + SOON)
    task.enqueue(pk)
