"""Errors as RFC 9457 has them: application/problem+json."""

import json
from http import HTTPStatus

from django.http import HttpResponse

TYPE = "application/problem+json"
WORDS = {
    404: "There is nothing here that a visitor may see.",
    405: "The API is read-only: GET, HEAD and OPTIONS.",
    410: "This was removed.",
    422: "A parameter is not as it should be.",
    429: "Too many requests from your address. Please wait.",
    500: "Something broke on our side.",
    503: "The site is closed for a short while. Please ask again later.",
}


def problem(status, **more):
    """An answer that says what is wrong; `more` are members beside type, title, status and detail."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": WORDS.get(status, title), **more}
    return HttpResponse(json.dumps(body), status=status, content_type=TYPE)


SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def documented(*statuses):
    """`openapi_extra` of an operation that may answer these statuses, and what any may."""
    answers = {status: answer(status) for status in (*statuses, 422, 429)}
    return {"responses": {**answers, 304: {"description": "Not Modified"}}}


def answer(status):
    return {"description": WORDS[status], "content": {TYPE: {"schema": SCHEMA}}}
