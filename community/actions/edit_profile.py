"""Change what a member says of themselves."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.acts import write_down
from gallery.text import clean_text

from ..models import Profile

# No other scheme: what stands in a link runs when it is pressed.
check_link = URLValidator(
    schemes=["http", "https"], message=gettext_lazy("Enter a web address, such as https://example.org.")
)


def edit_profile(user, *, biography=None, pronouns=None, link=None, time_zone=None):
    """Set what is given of the profile of `user`; returns the Profile. Raises ValidationError by field."""
    given = {
        "biography": None if biography is None else clean_text(biography).strip(),
        "pronouns": None if pronouns is None else " ".join(clean_text(pronouns).split()),
        "link": None if link is None else link.strip(),
        "time_zone": time_zone,
    }
    given = {name: value for name, value in given.items() if value is not None}
    for name, value in given.items():
        most = Profile._meta.get_field(name).max_length
        if len(value) > most:
            raise ValidationError({name: _("At most %(most)s characters, please.") % {"most": most}})
    if given.get("link"):
        try:
            check_link(given["link"])
        except ValidationError as refusal:
            raise ValidationError({"link": refusal.messages}) from refusal
    if "time_zone" in given and given["time_zone"] not in zoneinfo.available_timezones():
        raise ValidationError({"time_zone": _("Choose a time zone of the list.")})
    with transaction.atomic():
        profile = Profile.objects.select_for_update().get(user=user)
        changed = [name for name, value in given.items() if getattr(profile, name) != value]
        if changed:
            for name in changed:
                setattr(profile, name, given[name])
            profile.save(update_fields=changed)
            write_down(user, "member.profile_changed", by=user, changed=changed)
    return profile
