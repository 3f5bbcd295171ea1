"""Proving a takedown: every address that the thing ever had is asked for as anybody would, and what it answers is kept.
What receipts are about, and what is looked for in a page, is said in `receipt_things`.

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
from gallery.models import Erasure
from gallery.purging import purge_again

from .models import Receipt, ReceiptLine
from .receipt_things import thing_of
from .receipt_words import Sought

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


def list_addresses(receipt, thing=None):
    """Write the lines of a receipt from the registry, at its first check; those of a restore at each, for names are new."""
    thing = thing or thing_of(receipt)
    if thing.row is None:
        return
    if receipt.expected == Receipt.Expected.SHOWN:
        found = thing.addresses_of_a_restore()
        receipt.lines.all().delete()
        write_lines(receipt, found)
    elif not receipt.lines.exists():
        write_lines(receipt, thing.addresses())


# --- Asking -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What an address answered: its status, or why there was none; and whether what is sought is in it."""

    status: int | None
    error: str = ""
    mentions: bool = False


def ask(session, line, sought):
    """Ask for the address of a line, following where it leads on the site; what is `sought` is looked for in lists."""
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
                return Answer(response.status_code, mentions=bool(body) and sought.is_in(body))
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


def is_right(dead, line, answer, sought):
    """Whether an answer is as it must be. Of words that were brought back: that they stand there again."""
    if not dead:
        return answer.status == 200 and (line.role != addresses.LISTS or answer.mentions or sought == Sought())
    return answer.status in GONE[line.role] and not answer.mentions


# --- Checking ---------------------------------------------------------------------------------------------------------


def check(pk):
    """Ask for what a receipt has not proven yet; True once all of it is. Nothing for one that is not due."""
    if not may_ask():
        return False
    receipt = Receipt.objects.select_related("post__author", "post__gallery").filter(pk=pk).first()
    if receipt is None or not take(receipt):
        return False
    thing = thing_of(receipt)
    if receipt.expected == Receipt.Expected.SHOWN and not thing.is_shown:
        if thing.is_on_its_way:
            return False
        receipt.expected = Receipt.Expected.GONE  # brought back, and something else still hides it
        receipt.lines.all().delete()
    list_addresses(receipt, thing)
    if receipt.expected == Receipt.Expected.GONE and is_overtaken(receipt, thing):
        Receipt.objects.filter(pk=pk).update(due_at=None)
        return False
    alarming, unproven = ask_for_lines(receipt, thing)
    return conclude(receipt, thing, alarming, unproven)


def take(receipt):
    """Count a try and note when the next is due, unless somebody else has just done so."""
    wait = min(FIRST_WAIT * 2**receipt.tries, LONGEST_WAIT)
    same = Receipt.objects.filter(pk=receipt.pk, tries=receipt.tries, due_at__isnull=False)
    return same.update(tries=F("tries") + 1, due_at=timezone.now() + wait)


def is_overtaken(receipt, thing):
    """Whether it is in reach again, so that the receipt of its takedown proves nothing any more."""
    return thing.is_shown


def ask_for_lines(receipt, thing):
    """Ask for each line that is not proven; returns (lines that are reachable and must not be, lines without proof)."""
    alarming, unproven = [], []
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password of the machine's
        session.headers["User-Agent"] = "PixlPix receipts"
        for line in receipt.lines.filter(as_expected=False).order_by("pk"):
            session.cookies.clear()
            answer, dead = ask(session, line, thing.sought), must_be_dead(receipt, line, thing.open_names)
            line.status, line.error, line.checked_at = answer.status, answer.error, timezone.now()
            line.as_expected = is_right(dead, line, answer, thing.sought)
            line.save(update_fields=["status", "error", "checked_at", "as_expected"])
            if not line.as_expected:
                unproven.append(line)
                if dead and answer.status is not None and answer.status < 400:
                    alarming.append(line)
    return alarming, unproven


def conclude(receipt, thing, alarming, unproven):
    """Note what a check came to, raise the alarm, and purge once more what is still there. True where all is proven."""
    now = timezone.now()
    receipt.refresh_from_db(fields=["tries", "due_at"])
    receipt.checked_at, receipt.state = now, Receipt.State.PENDING
    if not unproven:
        receipt.state, receipt.due_at = Receipt.State.CLEAN, None
    elif alarming and now - receipt.made_at > GRACE:
        receipt.state = Receipt.State.REACHABLE
        logger.error(
            "%s %s is still reachable at %s addresses, first at %s: receipt %s is tried again.",
            receipt.kind.capitalize(), receipt.about, len(alarming), alarming[0].url, receipt.key,
        )  # fmt: skip
    if unproven and receipt.tries >= MOST_TRIES:
        receipt.due_at = None
        logger.error(
            "Receipt %s of %s %s could not be proven in %s tries.",
            receipt.key,
            receipt.kind,
            receipt.about,
            receipt.tries,
        )
    receipt.save(update_fields=["checked_at", "state", "due_at", "expected"])
    purge_again(folders_of(alarming))
    if thing.row is None and receipt.due_at is None:
        only_hashes(receipt)
    return not unproven


def forget(receipts):
    """What these are about is being erased: they keep hashes. Those that are still checked do so once they are proven."""
    for receipt in receipts:
        list_addresses(receipt)  # while there is something to list them from
        if receipt.due_at is None or not may_ask():
            only_hashes(receipt)


def only_hashes(receipt):
    """Of what was erased a receipt keeps the hashes of its addresses, and what they answered."""
    lines = list(receipt.lines.all())
    for line in lines:
        line.url = Erasure.digest(line.url)
    ReceiptLine.objects.bulk_update(lines, ["url"], batch_size=500)
    about = Erasure.digest(receipt.about)[:10]
    Receipt.objects.filter(pk=receipt.pk).update(about=about, reference="", member=None, due_at=None, posts_after=None)


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
