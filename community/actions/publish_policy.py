"""Publish a version of the policy: from then on its text never changes, and members are asked to accept it."""

from html import unescape

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from gallery.acts import write_down_staff

from .. import permissions, policies
from ..models import PolicyVersion
from ..rich_text import shown


def publish_policy(version, *, by, minor=None):
    """Publish the draft `version`; returns it. `minor` True asks nobody again (None: as the draft says).

    Only administrators may (`by` None is the system). Raises PermissionDenied, or ValidationError for a version that
    was published before, an empty text, a company that the text does not name, or a later version that does not say what
    changed. Of two at once, each gets its own number.
    """
    if by is not None and not permissions.may_write_policies(by):
        raise PermissionDenied(_("Only administrators publish policies."))
    with transaction.atomic():
        # Every published row is locked: two that publish at once follow one another.
        locked = {v.pk: v for v in PolicyVersion.objects.select_for_update().order_by("pk")}
        version = locked[version.pk]
        if version.published_at is not None:
            raise ValidationError(_("This version was published before."))
        last = PolicyVersion.objects.published().aggregate(number=Max("number"), binding=Max("binding_number"))
        if minor is not None:
            version.is_minor = minor
        if last["number"] is None:
            version.is_minor = False
        elif not version.summary.strip():
            raise ValidationError({"summary": _("Say what changed: members read this first.")})
        # Kept as it is shown, so that the hash is of what people read, for good.
        version.text = shown(version.text)
        if not version.text.strip():
            raise ValidationError({"text": _("Write the text first.")})
        check_companies_are_named(version)
        version.number = (last["number"] or 0) + 1
        version.binding_number = last["binding"] if version.is_minor else version.number
        version.text_sha256 = version.hash_of_text()
        version.published_at = timezone.now()
        version.published_by = by
        version.save()
        write_down_staff(version, "pixlpix.publish_policy", by=by, number=version.number, minor=version.is_minor)
        transaction.on_commit(policies.forget)
    return version


def check_companies_are_named(version):
    """Raises ValidationError where a company in the list is not in the text: members accept the text."""
    words = unescape(strip_tags(version.text)).casefold()
    for entry in version.company_entries():
        if entry["name"].strip().casefold() not in words:
            message = _("The text does not name %(company)s: members accept the text, not the list.")
            raise ValidationError({"companies": message % {"company": entry["name"]}})
