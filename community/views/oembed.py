"""The oEmbed provider (oembed.com), so that other sites can show a public post by its address."""

from urllib.parse import urlsplit

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..embedding import embedded
from ..syndication import xml_safe


@require_safe
def oembed(request):
    """/oembed?url=&format=json|xml&maxwidth=&maxheight=: 404 for whatever is no public post, 501 for other formats."""
    kind = request.GET.get("format", "json")
    if kind not in ("json", "xml"):
        return answer(HttpResponse("Only json and xml.\n", content_type="text/plain", status=501))
    found = embedded(wanted(request), pixels(request, "maxwidth"), pixels(request, "maxheight"))
    if found is None:
        return answer(HttpResponse("There is no public post at this address.\n", content_type="text/plain", status=404))
    if kind == "json":
        return answer(JsonResponse(found))
    # One element a field, named like it.
    fields = [(name, xml_safe(value)) for name, value in found.items()]
    return answer(render(request, "community/oembed.xml", {"fields": fields}, content_type="text/xml; charset=utf-8"))


def wanted(request):
    """The address asked for; an empty one for what is no address at all."""
    url = request.GET.get("url", "")[:500]
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return url


def pixels(request, name):
    """A limit in pixels, or None where none is asked for."""
    value = request.GET.get(name, "")
    return max(1, int(value)) if value.isascii() and value.isdecimal() and len(value) < 6 else None


def answer(response):
    """Any site may read it; nobody in between keeps it, so that what was taken down is gone."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
