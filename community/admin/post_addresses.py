"""The addresses of a post itself and of its public files, now and before, as its page in the console lists them.

Where else it stood, among others, is what receipts prove: there are as many of those as of comments and hashtags.
"""

import json

from django.db.models import OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from gallery.files import media
from gallery.models import FormerAddress, Publication
from gallery.rows import Rows

MOST = 50  # former ones, and publications


def with_addresses(posts):
    """`posts`, each with what `own_addresses` reads."""
    former = FormerAddress.objects.filter(post=OuterRef("pk")).order_by("-pk")[:MOST]
    public = Publication.objects.filter(post=OuterRef("pk")).order_by("-pk")[:MOST]
    return posts.annotate(former_paths=Rows(former, "path"), public_names=Rows(public, "names"))


def own_addresses(post):
    """(what it is, address) of each, of a post of `with_addresses`. No query."""
    yield _("Page"), post.address()
    yield _("Permanent link"), reverse("permalink", args=[post.short_id])
    for (former,) in post.former_paths:
        yield _("Former address"), f"{reverse('members')}{former}/"
    for (names,) in post.public_names:
        # A column of JSON within JSON: PostgreSQL reads it, SQLite hands the text on.
        for name in json.loads(names) if isinstance(names, str) else names:
            yield _("Public file"), media().url(name)
