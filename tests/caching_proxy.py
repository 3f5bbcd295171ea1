"""A small cache in front of an object store, as a CDN is: keeps what it handed out until it is told to forget it."""

import json
import threading
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests


class CachingProxy:
    """`url` hands out what lies at `origin`, from memory once it was asked for; `api` is where it is purged.

    `forgets` False has it accept purges and do nothing, as a CDN does that is broken.
    """

    def __init__(self, origin):
        self.origin, self.kept, self.hits, self.forgets = origin.rstrip("/"), {}, 0, True
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(*proxy.get(self.path))

            def do_DELETE(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                proxy.purge(body["files"])
                self.answer(204, b"")

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = self.api = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def get(self, path):
        if path in self.kept:
            self.hits += 1
            return 200, self.kept[path]
        answer = requests.get(f"{self.origin}{path}", timeout=10)
        if answer.status_code == 200:
            self.kept[path] = answer.content
        return answer.status_code, answer.content

    def purge(self, patterns):
        if self.forgets:
            gone = [path for path in self.kept if any(fnmatch(path.lstrip("/"), pattern) for pattern in patterns)]
            for path in gone:
                del self.kept[path]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def caching_proxy(s3_storages, settings):
    """A cache in front of the media bucket of the S3 server, which the site knows as its CDN."""
    proxy = CachingProxy(f"{s3_storages.endpoint}/pixlpix-media")
    settings.CDN_API_URL, settings.CDN_ENDPOINT_ID, settings.CDN_TOKEN = proxy.api, "our-cdn", "token"
    settings.CDN_URL = proxy.url
    yield proxy
    proxy.stop()
