"""Proving a takedown: every address that the post ever had is asked for as anybody would, and what it answers is kept.

The site's pages are asked at RECEIPT_SITE_URL, files at the media host and, where there is one, at the CDN in front of it.
Without cookies and keys. What is still reachable some minutes after the act raises an alarm in the console, is purged once
more and asked again, later and later. Each step may run twice: an address that has answered as it must is not asked again.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

import requests
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from gallery import addresses
from gallery.files import media
from gallery.models import Erasure, Publication
from gallery.purging import purge_again

from .models import Receipt, ReceiptLine

logger = logging.getLogger(__name__)
Host = ReceiptLine.Host

TIMEOUT = (5, 15)  # seconds to connect, and between bytes
MOST_BYTES = 5_000_000  # of a page that is searched for the post
MOST_HOPS = 5
# The CDN forgets within a minute: what is reachable this long after the act is an alarm.
GRACE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=20), timedelta(hours=1)
MOST_TRIES = 16  # some ten hours; then people must look
BATCH = 100
# What a restore proves: that it is there again, under new names, and that the old ones stay dead.
OF_A_RESTORE = ("page", "permanent link", "public rendition", "original")
GONE = {addresses.OWN: (404, 410), addresses.FILE: (403, 404, 410), addresses.LISTS: (200, 404, 410)}


def may_ask():
    """Whether receipts are checked here at all."""
    return bool(settings.RECEIPT_SITE_URL)


# --- Which addresses --------------------------------------------------------------------------------------------------


def write_lines(receipt, found):
    """Write a line for each of the Addresses `found`, one for each host at which it is asked. Known ones stay."""
    lines = {}
    for address in found:
        for host, url in asked_at(address):
            lines[host, url] = ReceiptLine(receipt=receipt, kind=address.kind, role=address.role, host=host, url=url)
    ReceiptLine.objects.bulk_create(lines.values(), ignore_conflicts=True, batch_size=500)


def asked_at(address):
    """(host, URL) of each place at which an Address is asked. Paths of the site stay paths."""
    base = media().url("name").removesuffix("name")
    if not address.url:
        return []
    if not address.url.startswith(base):
        return [(Host.SITE, address.url)]
    name = address.url.removeprefix(base)
    return [(host, f"{place}{name}") for host, place in media_hosts(base)]


def media_hosts(base):
    """(host, what its addresses begin with): the media host that pages name, the CDN and the bucket behind it."""
    cdn, origin = slashed(settings.CDN_URL), slashed(settings.MEDIA_ORIGIN_URL)
    if cdn and base.startswith(cdn):
        return [(Host.CDN, base), *([(Host.MEDIA, origin)] if origin else [])]
    return [(Host.MEDIA, base), *([(Host.CDN, cdn)] if cdn else [])]


def slashed(url):
    return f"{url.rstrip('/')}/" if url else ""


def list_addresses(receipt):
    """Write the lines of a receipt from the registry, at its first check; those of a restore at each, for names are new."""
    post = receipt.post
    if post is None:
        return
    if receipt.expected == Receipt.Expected.SHOWN:
        receipt.lines.all().delete()
        write_lines(receipt, [one for one in addresses.addresses_of(post) if one.kind in OF_A_RESTORE])
    elif not receipt.lines.exists():
        write_lines(receipt, addresses.addresses_of(post))


def open_names(post):
    """The names of the files that the post has on the media host now."""
    if post is None:
        return set()
    return {
        name
        for names in Publication.objects.filter(post=post, state="open").values_list("names", flat=True)
        for name in names
    }


# --- Asking -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What an address answered: its status, or why there was none; and whether the post is in it."""

    status: int | None
    error: str = ""
    mentions: bool = False


def ask(session, line, word):
    """Ask for the address of a line, following where it leads on the site; `word` (a short id) is looked for in lists."""
    url = urljoin(settings.RECEIPT_SITE_URL, line.url) if line.url.startswith("/") else line.url
    try:
        for _hop in range(MOST_HOPS):
            with session.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
                onward = response.headers.get("Location") if response.is_redirect else None
                following = urljoin(url, onward) if onward else ""
                if following and leads_on(following):
                    url = following.replace(settings.SITE_URL, settings.RECEIPT_SITE_URL, 1)
                    continue
                body = read(response) if line.role == addresses.LISTS and response.status_code == 200 else b""
                return Answer(response.status_code, mentions=word.encode() in body)
        return Answer(None, "It leads on and on.")
    except requests.RequestException as error:
        return Answer(None, f"No answer: {type(error).__name__}"[:200])


def leads_on(url):
    return url.startswith((settings.SITE_URL, settings.RECEIPT_SITE_URL))


def read(response):
    body = b""
    for piece in response.iter_content(65_536):
        body += piece
        if len(body) > MOST_BYTES:
            break
    return body


def must_be_dead(receipt, line, names):
    """Whether nobody may reach this address: all of a takedown's, and of a restore's the files that it has no more."""
    if receipt.expected == Receipt.Expected.GONE or line.kind == "original":
        return True
    return line.role == addresses.FILE and not any(line.url.endswith(name) for name in names)


def is_right(dead, line, answer):
    """Whether an answer is as it must be."""
    if not dead:
        return answer.status == 200
    return answer.status in GONE[line.role] and not answer.mentions


# --- Checking ---------------------------------------------------------------------------------------------------------


def check(pk):
    """Ask for what a receipt has not proven yet; True once all of it is. Nothing for one that is not due."""
    if not may_ask():
        return False
    receipt = Receipt.objects.select_related("post__author", "post__gallery").filter(pk=pk).first()
    if receipt is None or not take(receipt):
        return False
    if receipt.expected == Receipt.Expected.SHOWN and not is_shown(receipt.post):
        receipt.expected = Receipt.Expected.GONE  # restored, and something else still hides it
        receipt.lines.all().delete()
    list_addresses(receipt)
    if receipt.expected == Receipt.Expected.GONE and is_overtaken(receipt):
        Receipt.objects.filter(pk=pk).update(due_at=None)
        return False
    alarming, unproven = ask_for_lines(receipt)
    return conclude(receipt, alarming, unproven)


def take(receipt):
    """Count a try and note when the next is due, unless somebody else has just done so."""
    wait = min(FIRST_WAIT * 2**receipt.tries, LONGEST_WAIT)
    same = Receipt.objects.filter(pk=receipt.pk, tries=receipt.tries, due_at__isnull=False)
    return same.update(tries=F("tries") + 1, due_at=timezone.now() + wait)


def is_shown(post):
    return post is not None and post.has_public_files and post.author.is_member_visible and not post.gallery.hides


def is_overtaken(receipt):
    """Whether the whole post is in reach again, so that the receipt of its takedown proves nothing any more."""
    return is_shown(receipt.post) and receipt.lines.filter(role=addresses.OWN).exists()


def ask_for_lines(receipt):
    """Ask for each line that is not proven; returns (lines that are reachable and must not be, lines without proof)."""
    alarming, unproven = [], []
    names = open_names(receipt.post)
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password of the machine's
        session.headers["User-Agent"] = "PixlPix receipts"
        for line in receipt.lines.filter(as_expected=False).order_by("pk"):
            session.cookies.clear()
            answer, dead = ask(session, line, receipt.about), must_be_dead(receipt, line, names)
            line.status, line.error, line.checked_at = answer.status, answer.error, timezone.now()
            line.as_expected = is_right(dead, line, answer)
            line.save(update_fields=["status", "error", "checked_at", "as_expected"])
            if not line.as_expected:
                unproven.append(line)
                if dead and answer.status is not None and answer.status < 400:
                    alarming.append(line)
    return alarming, unproven


def conclude(receipt, alarming, unproven):
    """Note what a check came to, raise the alarm, and purge once more what is still there. True where all is proven."""
    now = timezone.now()
    receipt.refresh_from_db(fields=["tries", "due_at"])
    receipt.checked_at, receipt.state = now, Receipt.State.PENDING
    if not unproven:
        receipt.state, receipt.due_at = Receipt.State.CLEAN, None
    elif alarming and now - receipt.made_at > GRACE:
        receipt.state = Receipt.State.REACHABLE
        logger.error(
            "Post %s is still reachable at %s addresses, first at %s: receipt %s is tried again.",
            receipt.about, len(alarming), alarming[0].url, receipt.key,
        )  # fmt: skip
    if unproven and receipt.tries >= MOST_TRIES:
        receipt.due_at = None
        logger.error(
            "Receipt %s of post %s could not be proven in %s tries.", receipt.key, receipt.about, receipt.tries
        )
    receipt.save(update_fields=["checked_at", "state", "due_at", "expected"])
    purge_again(folders_of(alarming))
    if receipt.post is None and receipt.due_at is None:
        only_hashes(receipt)
    return not unproven


def only_hashes(receipt):
    """Of what was erased a receipt keeps the hashes of its addresses, and what they answered."""
    lines = list(receipt.lines.all())
    for line in lines:
        line.url = Erasure.digest(line.url)
    ReceiptLine.objects.bulk_update(lines, ["url"], batch_size=500)
    Receipt.objects.filter(pk=receipt.pk).update(about=Erasure.digest(receipt.about)[:10], due_at=None)


def folders_of(lines):
    """The folders of the media host in which the files of these lines lie."""
    names = [name for line in lines if line.host != Host.SITE and (name := name_of(line))]
    return sorted({f"{name.rpartition('/')[0]}/" for name in names})


def name_of(line):
    """The name of a file on the media host, from its address: "<publication>/<photo>/<file>"."""
    return "/".join(line.url.split("?")[0].rsplit("/", 3)[-3:])


# --- What the sweeper does --------------------------------------------------------------------------------------------


def queue_receipts_again():
    """Queue the check of receipts that are due; returns how many."""
    from .tasks import check_receipt

    if not may_ask():
        return 0
    due = Receipt.objects.filter(due_at__lt=timezone.now()).order_by("due_at")
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    for key in keys:
        check_receipt.enqueue(key)
    return len(keys)
