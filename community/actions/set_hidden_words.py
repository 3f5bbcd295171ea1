"""Set the words that a member does not want to read in comments."""

from django.db import transaction

from ..models import Profile
from ..words import clean_hidden_words


def set_hidden_words(user, words):
    """Store `words`, one a line, for `user` alone; returns them cleaned. Raises ValidationError for too many.

    Not written down in the log: what somebody would rather not read is nobody else's business.
    """
    words = clean_hidden_words(words)
    with transaction.atomic():
        Profile.objects.update_or_create(user=user, defaults={"hidden_words": words})
    return words
