"""Light load on a whole stack (stack.py), as somebody outside sees it: people look around, a member shares photos."""

import io
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from PIL import Image

from tests.stack import PATIENCE

LOOK_AGAIN, SHARE_AGAIN, SEND_AGAIN = 0.3, 1.0, 0.3  # seconds


@dataclass
class Answer:
    """One answer: what was asked, from when to when, and what came; `status` is 0 where nobody answered."""

    kind: str
    began: float
    ended: float
    status: int
    request: str = ""  # its id, as in the log
    text: str = ""


def session_of(user):
    """The key of a session in which `user` is signed in, in the database of this process."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


class Load:
    """Somebody looks at `pages`, at a page of a member's own, and at one whose askers are counted; a member shares photo
    after photo; until told to stop.

    `answers` are all that came, of these kinds: "page", "signed in", "limited", "share". `promised` are the addresses of
    posts of which the site said that they are in, with when; `shown` after how many seconds a stranger saw each. What is
    not taken is sent again with the form's same token, as a browser does when one reloads.
    """

    def __init__(self, stack, session, pages):
        self.stack, self.session, self.pages = stack, session, pages
        self.answers, self.promised, self.shown, self.over = [], {}, {}, threading.Event()
        works = (self.look, self.share, self.follow)
        self.threads = [threading.Thread(target=work, daemon=True) for work in works]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in self.threads)

    def ask(self, kind, method, *arguments, **more):
        began, answer = time.monotonic(), None
        try:
            answer = method(*arguments, **more)
            status, request = answer.status_code, answer.headers.get("X-Request-ID", "")
            text = answer.text if status >= 400 else ""
        except requests.RequestException as error:
            status, request, text = 0, "", str(error)
        self.answers.append(Answer(kind, began, time.monotonic(), status, request, text))
        return answer

    def look(self):
        while not self.over.wait(LOOK_AGAIN):
            for path in self.pages:
                self.ask("page", self.stack.get, path)
            self.ask("signed in", self.stack.get, "/notifications/", session=self.session)
            self.ask("limited", self.stack.get, "/search/suggest/?q=ridge")

    def share(self):
        for number in count(1):
            token = self.form()  # before the pause: what comes between finds it open, as people's forms are
            if self.over.wait(SHARE_AGAIN) or not token:
                return
            self.send(token, f"Photo number {number}", a_file(number))

    def form(self):
        """The token of a form to share with, as soon as there is one; None where it is all over."""
        while True:
            page = self.ask("share", self.stack.get, "/share/", session=self.session)
            if page is not None and page.ok:
                return re.search(r'name="token" value="([^"]+)"', page.text).group(1)
            if self.over.wait(SEND_AGAIN):
                return None

    def send(self, token, caption, content):
        """Send a form until the site takes it, also when it is all over: somebody waits."""
        form = {"token": token, "caption": caption, "alt_text": "A ridge", "gallery": "photos", "do": "publish"}
        form |= {"complete": "1"}
        files, gives_up = {"picture": ("a.jpg", content, "image/jpeg")}, time.monotonic() + PATIENCE
        while time.monotonic() < gives_up:
            answer = self.ask("share", self.stack.post, "/share/", form, files, session=self.session)
            if answer is not None and answer.status_code == 302:
                self.promised[answer.headers["Location"]] = time.monotonic()
                return
            time.sleep(SEND_AGAIN)

    def follow(self):
        """Look for what was promised until all is there and nothing more comes."""
        while not self.over.wait(LOOK_AGAIN) or self.waiting():
            for address in self.waiting():
                with suppress(requests.RequestException):
                    if is_shown(self.stack, address):
                        self.shown[address] = time.monotonic() - self.promised[address]

    def waiting(self):
        """The addresses of posts that were promised and that no stranger has seen yet."""
        return [address for address in list(self.promised) if address not in self.shown]

    def since(self, moment):
        """What came of questions that were asked since then."""
        return [answer for answer in list(self.answers) if answer.began >= moment]


def a_file(number):
    """The bytes of a JPEG that no other has."""
    file = io.BytesIO()
    Image.effect_noise((320, 240), 50 + number).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def is_shown(stack, address):
    """Whether a stranger sees a post at this address with its picture, file and all."""
    page = stack.get(address)
    if page.status_code != 200:
        return False
    picture = re.search(r'src="(http[^"]+)"', page.text)
    return bool(picture) and requests.get(picture[1], timeout=30).headers.get("Content-Type", "").startswith("image/")
