"""Ask for everything of one's own as one file."""

import secrets

from django.db import transaction

from gallery.acts import write_down
from gallery.processing import deadline

from ..models import Export, User
from ..tasks import make_export


def request_export(user):
    """Have the ZIP of `user` made as a task; the Export, or the one that is being made already.

    For everybody who can sign in, in whatever standing.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        waiting = Export.objects.filter(user=user, state=Export.State.WAITING).first()
        if waiting is not None:
            return waiting
        export = Export.objects.create(user=user, key=secrets.token_urlsafe(32), retry_at=deadline(0))
        write_down(user, "member.export_asked", by=user)
        make_export.enqueue(export.pk)
    return export
