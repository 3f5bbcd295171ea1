"""Which version of the policy is in force, at no query while the cache is warm."""

from django.core.cache import cache
from django.db.models import Exists

from . import announcing
from .models import PolicyVersion

KEY = "community.binding_policy"
# Seconds. Publishing clears the cache; where each process has a cache of its own, the others follow within this time.
KEPT = 60


def binding_number():
    """The number of the newest version that was not minor: whoever accepted that, or a later one, is not asked. 0: none."""
    number = cache.get(KEY)
    if number is None:
        newest = PolicyVersion.objects.published().order_by("-number")
        # Asked along with it: nearly always there is nothing to announce, and then that takes no query of its own.
        rows = newest.annotate(announced=Exists(announcing.lasting())).values_list("binding_number", "announced")[:1]
        number, announced = next(iter(rows), (0, True))
        cache.set(KEY, number, KEPT)
        if not announced:
            announcing.remember_none()
    return number


def forget():
    """Ask the database again: a version was published."""
    cache.delete(KEY)
