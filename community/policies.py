"""Which version of the policy is in force, at no query while the cache is warm."""

from django.core.cache import cache
from django.db.models import Exists, Subquery

from . import announcing
from .models import PolicyVersion
from .remembered import keep, recall

KEY = "community.binding_policy"
# Seconds. Publishing clears the cache; where each process has a cache of its own, the others follow within this time.
KEPT = 60


def binding_number():
    """The number of the newest version that was not minor: whoever accepted that, or a later one, is not asked. 0: none."""
    number = recall(KEY)
    if number is None:
        # Asked along with it: nearly always there is nothing to announce, and then that takes no query of its own.
        rows = newest().annotate(announced=Exists(announcing.lasting())).values_list("binding_number", "announced")[:1]
        number = remember(*next(iter(rows), (0, True)))
    return number


def newest():
    return PolicyVersion.objects.published().order_by("-number")


def remember(number, announced):
    """Keep the number of the version in force, and that nothing is announced where that is so; returns the number."""
    number = number or 0
    keep(KEY, number, KEPT)
    if not announced:
        announcing.remember_none()
    return number


def asked_along(users):
    """`users` with what `binding_number` would ask for where the cache is cold; `remember_from` one of them takes it."""
    if recall(KEY) is not None:
        return users
    in_force = Subquery(newest().values("binding_number")[:1])
    return users.annotate(policy_in_force=in_force, announced=Exists(announcing.lasting()))


def remember_from(user):
    """Keep what was asked along with `user`, if anything was."""
    if hasattr(user, "policy_in_force"):
        remember(user.policy_in_force, user.announced)


def forget():
    """Ask the database again: a version was published."""
    cache.delete(KEY)
