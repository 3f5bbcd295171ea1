"""What a platform, a watch and Prometheus ask for. Nothing of anybody's is in it."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from . import numbers
from .readiness import OK, ready

FRESH = {"Cache-Control": "no-store"}


def healthz(request):
    """/healthz: this process answers. Asks neither the database nor the storages: a platform that restarts the process
    when this fails should not do so because something else is down."""
    return HttpResponse("ok\n", content_type="text/plain", headers=FRESH)


def readyz(request):
    """/readyz: the state of each thing that the site stands on; 503 where one of them fails."""
    states = ready.states()
    well = all(state == OK for state in states.values())
    response = JsonResponse({"ready": well, **states}, status=200 if well else 503, headers=FRESH)
    response._has_been_logged = True  # the check itself has said why; Django would log an error at every question
    return response


def metrics(request):
    """/metrics: numbers for Prometheus, for who brings METRICS_TOKEN ("Authorization: Bearer ..."); nothing for others."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        return HttpResponse(status=404, content_type="text/plain", headers=FRESH)
    text, content_type = numbers.exposition()
    return HttpResponse(text, content_type=content_type, headers=FRESH)
