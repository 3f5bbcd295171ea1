"""Which version of the policy is in force, at no query while the cache is warm."""

from django.core.cache import cache

from .models import PolicyVersion

KEY = "community.binding_policy"
# Seconds. Publishing clears the cache; where each process has a cache of its own, the others follow within this time.
KEPT = 60


def binding_number():
    """The number of the newest version that was not minor: whoever accepted that, or a later one, is not asked. 0: none."""
    number = cache.get(KEY)
    if number is None:
        row = PolicyVersion.objects.published().order_by("-number").values_list("binding_number", flat=True)[:1]
        number = next(iter(row), 0)
        cache.set(KEY, number, KEPT)
    return number


def forget():
    """Ask the database again: a version was published."""
    cache.delete(KEY)
