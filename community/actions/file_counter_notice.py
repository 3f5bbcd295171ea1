"""Answer a copyright notice: the author of a post that was taken down for one says why they may show it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from gallery.states import TeamState

from .. import permissions
from ..models import Case
from ..models.cases import Category, Queue
from .file_report import add_report


def may_answer_notice(user, post):
    """Send a counter-notice: its author, while it is down and somebody's notice about it has come in."""
    return (
        permissions.may_report(user)
        and post.author_id == user.pk
        and post.team_state == TeamState.TAKEN_DOWN
        and Case.objects.filter(kind=Case.Kind.POST, post=post, queue=Queue.COPYRIGHT).exists()
    )


def file_counter_notice(post, *, by, details):
    """File the counter-notice of `by` with its `details`; returns the Report, which waits in the queue of copyright.

    A second one while the first waits is the first. Raises PermissionDenied for whom `may_answer_notice` refuses,
    ValidationError without a signature.
    """
    if not may_answer_notice(by, post):
        raise PermissionDenied(_("There is no copyright notice about this post that you could answer."))
    if not details.get("signature"):
        raise ValidationError({"signature": _("Sign with your name as it stands above.")})
    details = {"counter": True, **details}
    return add_report(Case.Kind.POST, post, Category.COPYRIGHT, text="", reporter=by, email="", details=details)
