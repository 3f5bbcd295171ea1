"""Change the name that stands with a member's posts. The username, and with it every address, stays."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.models import MemberPage
from gallery.naming import clean_name

from ..models import Profile, User
from ..names import validate_not_the_team


def rename_member(user, name):
    """Give `user` another name, on one line. Raises ValidationError for an empty or too long one, and for one that sounds like
    the team; returns the User."""
    name = clean_name(name)
    if not name:
        raise ValidationError({"name": _("Tell us the name that shall stand with your posts.")})
    if len(name) > User._meta.get_field("name").max_length:
        raise ValidationError({"name": _("This name is too long.")})
    try:
        validate_not_the_team(name)
    except ValidationError as refusal:
        raise ValidationError({"name": refusal.messages}) from refusal
    with transaction.atomic():
        taken_down = Profile.objects.filter(user=user).values_list("name_taken_down", flat=True).first() or {}
        if name.casefold() == taken_down.get("name", "").casefold():
            raise ValidationError({"name": _("The team took this name down. Please choose another one.")})
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if user.name != name:
            user.name = name
            user.save(update_fields=["name"])
            MemberPage.objects.filter(user=user).update(title=name, draft_title=name)
            write_down(user, "member.renamed", by=user)
    return user
