"""How backups, drills and restores went, for the console and for whoever is to be alarmed."""

import logging
from functools import reduce
from operator import or_

from django.db import Error
from django.db.models import Q, Subquery

from community.operations import KINDS, Record

logger = logging.getLogger(__name__)

WORDS_KEPT = 2000


def note(kind, *, went_well, words):
    """Log it, as an error where it went badly, and write it down for the console.

    A database that does not take it, because it is down or its user may only read, costs the record and nothing else.
    """
    logger.log(logging.INFO if went_well else logging.ERROR, "%s: %s", kind.capitalize(), words)
    from ..models import OperationRecord

    try:
        OperationRecord.objects.create(kind=kind, went_well=went_well, words=words[:WORDS_KEPT])
    except Error as error:
        logger.warning(
            "The console does not hear of it (%s): grant INSERT as docs/backups.md says.", str(error).strip()
        )


def newest():
    """{kind: its newest Record} of the kinds of which there are any. One query."""
    from ..models import OperationRecord

    each = (OperationRecord.objects.filter(kind=kind).order_by("-at", "-pk").values("pk")[:1] for kind in KINDS)
    found = OperationRecord.objects.filter(reduce(or_, (Q(pk=Subquery(one)) for one in each)))
    return {record.kind: Record(record.at, record.went_well) for record in found}
