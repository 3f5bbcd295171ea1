"""Taking out of words what no log and no report of an error shall keep: addresses of people, and what opens doors.

A net below the rule that nothing of the kind is logged in the first place: messages of libraries and databases quote what
they choke on. Nothing here needs Django, because gunicorn's own log uses it too.
"""

import ipaddress
import re

EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)")
IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
# What a client of ours may ask for behind a question mark, or sends as a form.
QUERY = re.compile(r"""(?<=[\w/])\?[^\s"'<>]+""")
SECRET = re.compile(
    r"""(?i)\b(passw(?:or)?d|secret|\w*token|authorization|cookie|sessionid|signature|api_?key)\b(["']?\s*[=:]\s*["']?)"""
    r"""(?:(?:bearer|basic|token)\s+)?[^\s"',;&)}\]]+"""
)
# user:password@ in the address of a database or cache.
LOGIN = re.compile(r"(?<=://)[^/\s@]+@")
# Links in mails: confirming, resetting, unsubscribing, answering an invitation or a report.
LINK = re.compile(r"(/(?:confirm-email|key|invitation|unsubscribe|reports?|exports?)/)[^\s/\"']{6,}")
# django.core.signing: <what was signed>:<time>:<signature>.
SIGNED = re.compile(r"[\w-]+:[\w-]+:[\w-]{20,}")
PEOPLE = re.compile(r"((?:/members/|/@))[^\s/\"'?]+")
# PostgreSQL quotes the row that it refuses.
DETAIL = re.compile(r"(?m)\b(DETAIL|CONTEXT):.*$")


def scrub(text):
    """`text` without email and network addresses, query strings, secrets, links that let somebody in, and usernames in
    addresses of pages. Loopback addresses stay: they are the machine's own."""
    text = DETAIL.sub(r"\1: […]", text)
    text = LOGIN.sub("[…]@", text)
    text = EMAIL.sub("[email]", text)
    text = QUERY.sub("?[…]", text)
    text = SECRET.sub(r"\1\2[…]", text)
    text = LINK.sub(r"\1[…]", text)
    text = PEOPLE.sub(r"\1[…]", text)
    text = SIGNED.sub("[signed]", text)
    return IPV6.sub(_address, IPV4.sub(_address, text))


def _address(found):
    try:
        address = ipaddress.ip_address(found.group())
    except ValueError:
        return found.group()  # a time, or the number of a version
    return found.group() if address.is_loopback or address.is_unspecified else "[address]"
