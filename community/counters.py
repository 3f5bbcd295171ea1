"""The numbers in `models/counts.py`, changed in the transaction that changes what they count.

By addition in the database, never by a value that was read before: two likes at once are two.
"""

from django.db import IntegrityError, transaction
from django.db.models import F


def change(counts, key, **by):
    """Add to columns of the row of `counts` (PostCounts, MemberCounts, ...) with primary key `key`, e.g. likes=+1.

    Called inside the transaction of what is counted; the row is made where there is none. One query, three for the first.
    """
    added = {name: F(name) + number for name, number in by.items()}
    if counts.objects.filter(pk=key).update(**added):
        return
    try:
        with transaction.atomic():
            counts.objects.create(pk=key, **by)
    except IntegrityError:  # somebody else's first one was faster
        counts.objects.filter(pk=key).update(**added)
