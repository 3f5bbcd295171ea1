#!/usr/bin/env python3
"""Ask a deployed site what a first visitor would: `python scripts/smoke.py https://staging.pixlpix.example`.

Needs nothing but Python. Prints one line for each question and ends with 1 where an answer is not as it must be; production
follows staging only after 0 (.github/workflows/promote.yml). Reads alone: it leaves nothing behind.
"""

import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

SECONDS, TRIES, PAUSE = 15, 3, 5  # of one request; a site that has just been deployed may need a second look
ALWAYS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are answers here, and not followed."""

    def redirect_request(self, *args):
        return None


def ask(address):
    """(status, headers, text or bytes) of one GET; status 0 and the reason where nobody answered."""
    opener = urllib.request.build_opener(Stay)
    for left in reversed(range(TRIES)):
        try:
            with opener.open(urllib.request.Request(address), timeout=SECONDS) as answer:  # noqa: S310 (asked for)
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            if error.code < 500 or not left:
                return error.code, error.headers, error.read()
        except OSError as error:
            if not left:
                return 0, {}, str(error).encode()
        time.sleep(PAUSE)


class Smoke:
    """The questions to one site; `wrong` counts answers that are not as they must be."""

    def __init__(self, site, out=sys.stdout):
        self.site, self.out, self.wrong = site.rstrip("/"), out, 0

    def say(self, fine, words):
        self.wrong += not fine
        self.out.write(f"{'ok' if fine else 'WRONG':>5}  {words}\n")

    def page(self, path, *, status=200, holds=""):
        """A page of the site: its status, words that it holds, and the headers that every page has. Returns its text."""
        got, headers, body = ask(self.site + path)
        text = body.decode(errors="replace")
        self.say(got == status, f"{path} answers {status}" + ("" if got == status else f", and not {got}"))
        if got != status:
            return ""
        if holds:
            self.say(holds in text, f"{path} holds {holds!r}")
        for name, value in ALWAYS.items():
            self.say(headers.get(name) == value, f"{path} says {name}: {value}")
        policy = headers.get("Content-Security-Policy", "")
        self.say("default-src 'none'" in policy and "unsafe" not in policy, f"{path} has the strict policy")
        if self.site.startswith("https:"):
            self.say("max-age=" in headers.get("Strict-Transport-Security", ""), f"{path} insists on https")
        return text

    def file(self, address, kind):
        """A file that a page names: there, of this kind, not to be guessed at, kept for a year."""
        got, headers, _ = ask(urllib.parse.urljoin(self.site + "/", address))
        place = urllib.parse.urlsplit(address).netloc or "the site"
        self.say(got == 200, f"a file of {place} answers 200" + ("" if got == 200 else f", and not {got}: {address}"))
        self.say(headers.get("Content-Type", "").startswith(kind), f"a file of {place} is {kind}")
        if self.site.startswith("https:"):  # a site on somebody's own machine serves files as they are being worked on
            self.say("immutable" in headers.get("Cache-Control", ""), f"a file of {place} may be kept")

    def run(self):
        """All questions; returns how many answers were wrong."""
        for probe in ("/healthz", "/readyz"):
            got = ask(self.site + probe)[0]
            self.say(got == 200, f"{probe} answers 200" + ("" if got == 200 else f", and not {got}"))
        front = self.page("/", holds="PixlPix")
        self.page("/accounts/login/", holds="csrfmiddlewaretoken")
        self.page("/accounts/signup/", holds="csrfmiddlewaretoken")
        self.page("/search/?q=light", holds='name="q"')
        explore = self.page("/explore/")
        self.page("/this-is-not-there/", status=404)
        self.files_of(front + explore)
        return self.wrong

    def files_of(self, page):
        """The first style sheet, the first picture, and that a page asks for nothing from a third party."""
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        pictures = re.findall(r'<img [^>]*?src="((?!data:)[^"]+)"', page)
        self.say(bool(sheets), "pages have a style sheet")
        for address in sheets[:1]:
            self.file(address, "text/css")
        for address in pictures[:1]:
            self.file(address, "image/")
        if not pictures:
            self.out.write(" note  pages show no picture yet: nothing was asked of the media host\n")
        hosts = {urllib.parse.urlsplit(address).netloc for address in re.findall(r'src="(https?://[^"]+)"', page)}
        media = {urllib.parse.urlsplit(address).netloc for address in pictures}
        strange = hosts - media - {urllib.parse.urlsplit(self.site).netloc}
        self.say(not strange and len(media - {""}) <= 1, "pages ask nobody but the site and one media host")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].startswith(("http://", "https://")):
        sys.exit("Which site? python scripts/smoke.py https://staging.pixlpix.example")
    sys.exit(1 if Smoke(sys.argv[1]).run() else 0)
