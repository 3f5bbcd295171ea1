"""Take another username. Every address with the old one leads to the new one; nobody else ever gets the old one."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.models import MemberAct

from ..models import TakenName, User
from ..names import skeleton
from ..tasks import rename_pages

ACT = "member.username_changed"


def next_change_at(user):
    """When `user` may next change their username; None where they may now. One query."""
    since = timezone.now() - timedelta(days=settings.USERNAME_CHANGE_DAYS)
    last = MemberAct.objects.filter(actor=user, act=ACT, at__gt=since).order_by("-at").values_list("at", flat=True)
    return next((at + timedelta(days=settings.USERNAME_CHANGE_DAYS) for at in last[:1]), None)


def change_username(user, username):
    """Give `user` the name `username`, one that nobody has or had, or that was their own. Returns the User.

    Raises ValidationError for a name that is refused, taken, or comes too soon after the last change, PermissionDenied
    for who is not in good standing. Of two members at once for one name, one gets it. The page tree follows as a task:
    no address depends on it.
    """
    username = username.strip().lower()
    User._meta.get_field("username").clean(username, user)
    try:
        with transaction.atomic():
            user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
            if not user.is_member_visible:
                raise PermissionDenied(_("Only members in good standing do this."))
            if username == user.username:
                return user
            if next_change_at(user):
                raise ValidationError(_("You changed your username not long ago."), code="too_soon")
            take(username, user)
            former, user.username = user.username, username
            user.save(update_fields=["username"])
            write_down(user, ACT, by=user, former=former)
            rename_pages.enqueue(user.pk)
    except IntegrityError as error:  # somebody else's act was faster
        raise taken() from error
    return user


def take(username, user):
    """Inside the transaction: the name is theirs for good. Raises ValidationError where it is or was another's."""
    row = TakenName.objects.filter(skeleton=skeleton(username)).first()
    if row is None:
        TakenName.objects.create(skeleton=skeleton(username), username=username, user=user)
    elif row.user_id != user.pk:
        raise taken()


def taken():
    return ValidationError(_("This name is taken, or too easily confused with one that is."), code="taken")
