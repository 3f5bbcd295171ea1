"""The lists in which members save posts for themselves. Nobody else ever sees one."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max, OuterRef, Subquery
from django.utils.translation import gettext as _

from gallery.ids import new_short_id
from gallery.text import clean_text

from .models import Save, SaveList
from .visibility import posts_for

MOST_LISTS = 100  # of one member
MOST_IN_NAME = 80


def clean_list_name(name):
    """A list's name on one line. Raises ValidationError by field where nothing is left or it is too long."""
    name = " ".join(clean_text(name or "").split())
    if not name:
        raise ValidationError({"name": _("Give the list a name.")})
    if len(name) > MOST_IN_NAME:
        raise ValidationError({"name": _("There is room for %(most)s characters.") % {"most": MOST_IN_NAME}})
    return name


def usual_list(user):
    """The list that a post is saved in where none was chosen: the member's first one, made where there is none."""
    first = SaveList.objects.filter(user=user).order_by("pk").first()
    return first or list_named(user, _("Saved"))


def list_named(user, name):
    """The member's list of this name, made where there is none. Raises ValidationError."""
    name = clean_list_name(name)
    found = SaveList.objects.filter(user=user, name=name).first()
    if found is not None:
        return found
    if SaveList.objects.filter(user=user).count() >= MOST_LISTS:
        raise ValidationError({"name": _("You have %(most)s lists. Delete one of them first.") % {"most": MOST_LISTS}})
    try:
        with transaction.atomic():
            return SaveList.objects.create(user=user, name=name, key=new_short_id())
    except IntegrityError:  # the other of two requests at once was faster
        return SaveList.objects.get(user=user, name=name)


def lists_of(user, post=None):
    """A member's lists by name; with `post`, each says whether it is in it (`holds`). 1 or 2 queries."""
    lists = list(SaveList.objects.filter(user=user).order_by("name", "pk"))
    held = set()
    if post is not None:
        held = set(Save.objects.filter(list__user=user, post=post).values_list("list", flat=True))
    for one in lists:
        one.holds = one.pk in held
    return lists


def lists_with_covers(user):
    """A member's lists, used last first, each with `cover_key`: the post saved last in it that they still see. 1 query."""
    seen = saved_in(OuterRef("pk"), user).order_by("-saved_at", "-short_id").values("pk")[:1]
    lists = SaveList.objects.filter(user=user).annotate(cover_key=Subquery(seen), used=Max("saves__created_at"))
    return list(lists.order_by(F("used").desc(nulls_last=True), "pk"))


def saved_in(save_list, viewer):
    """The posts in a list that `viewer` still may see, with `saved_at`. What they may not see any more is left out."""
    return posts_for(viewer).filter(saves__list=save_list).annotate(saved_at=F("saves__created_at"))
