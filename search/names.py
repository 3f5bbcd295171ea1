"""The words of members' names, by which search finds them."""

from django.db import transaction

from gallery.text import pieces

from .models import NameToken

MOST = 24  # words of one member


def words_of(user):
    """The words by which `user` is found: those of their username, then of their name, each once."""
    return words_in(f"{user.username} {user.name}")[:MOST]


def words_in(text):
    """The words of `text` as names are cut into them, each once, in reading order."""
    return list(dict.fromkeys(token for piece in pieces(text) for token in piece.tokens))


def keep_names(user):
    """Bring the rows of `user`'s words in step with their username and name. 1 query where nothing changed."""
    wanted = {(word, user.username) for word in words_of(user)}
    there = {(row.token, row.username): row.pk for row in NameToken.objects.filter(user=user)}
    if wanted == set(there):
        return
    with transaction.atomic():
        NameToken.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
        NameToken.objects.bulk_create(
            [NameToken(user=user, token=token, username=username) for token, username in wanted - set(there)]
        )


def refill(users):
    """Do so for every one of `users`, a queryset. Returns how many there were."""
    count = 0
    for user in users.only("username", "name").iterator(chunk_size=500):
        keep_names(user)
        count += 1
    return count
