"""What an act leaves behind: files on the media host, entries of the ledger, rows of the logs."""

import json

from django.core.files.storage import storages
from wagtail.models import PageLogEntry

from gallery.models import LedgerEntry, MemberAct


def public_files(post=None):
    """Names of all files on the media host; with `post`, those that it ever had there."""
    names = {name for name, _size, _modified in storages["media"].list_names()}
    return names & every_name(post) if post else names


def every_name(post):
    """Every name that a file of `post` ever had on the media host."""
    return {name for names in post.publications.values_list("names", flat=True) for name in names}


def ledger():
    """The entries in the vault, oldest first, each as a dictionary."""
    vault = storages["vault"]
    names = sorted(name for name, _size, _modified in vault.list_names("ledger/"))
    return [json.loads(vault.open(name).read()) for name in names]


def ledger_acts(thing_key):
    """The acts that the ledger has for a short id, "username/gallery" or username, oldest first; rows that wait too."""
    entries = [*ledger(), *LedgerEntry.objects.values_list("body", flat=True)]
    return [entry["act"] for entry in sorted(entries, key=lambda entry: entry["at"]) if entry["key"] == thing_key]


def member_acts(key):
    """What members did to the thing with this key, oldest first."""
    return list(MemberAct.objects.filter(key=key).order_by("pk").values_list("act", flat=True))


def staff_acts(page):
    """Wagtail's log of a page: (act, who), oldest first."""
    return [
        (entry.action, entry.user.username if entry.user else None)
        for entry in PageLogEntry.objects.filter(page=page.pk).select_related("user").order_by("timestamp", "pk")
    ]
