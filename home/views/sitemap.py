"""The sitemap of what is listed, and robots.txt.

An index leads to sections of at most SECTION addresses. A section begins after a cursor, oldest first, so that a full
section stays what it is and only the last one grows; nothing is counted and nothing skipped by OFFSET.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control

from community.visibility import members_for, posts_for
from gallery import keyset
from gallery.models import PostPage

from ..models import EditorialPage

SECTION = 10_000  # addresses; the format allows 50,000
INDEX_KEPT = 3600  # seconds for which the list of sections is remembered
VISITOR = AnonymousUser()


def rows_after(queryset, cursor, at, key):
    """`queryset` after `cursor`, oldest first by (`at`, `key`)."""
    place = keyset.decode(cursor) if cursor else None
    if place:
        queryset = queryset.filter(
            Q(**{f"{at}__gt": place[0]}) | Q(**{at: place[0], f"{key}__gt": place[1]}), **{f"{at}__gte": place[0]}
        )
    return queryset.order_by(at, key)[:SECTION]


def post_addresses(cursor):
    """(path, date) of each listed post of the section."""
    posts = posts_for(VISITOR).listed().select_related("author", "gallery")
    for post in rows_after(posts, cursor, "published_at", "short_id"):
        yield post.address(), post.published_at


def member_addresses(cursor):
    """(path, None) of each member of the section."""
    for member in rows_after(members_for(VISITOR).only("username", "date_joined"), cursor, "date_joined", "username"):
        yield member.get_absolute_url(), None


def page_addresses(cursor):
    """(path, date) of the front page, the list of members and what staff wrote. Few: one section."""
    yield "/", None
    yield reverse("members"), None
    for page in EditorialPage.objects.live().public().order_by("path")[:SECTION]:
        yield page.get_url(), page.last_published_at


SECTIONS = {"pages": page_addresses, "members": member_addresses, "posts": post_addresses}


def cursors(queryset, at, key):
    """The cursor at which each section of `queryset` begins, the first empty. One query of keys alone a section."""
    cursor, found = "", [""]
    while True:
        keys = list(rows_after(queryset, cursor, at, key).values_list(at, key))
        if len(keys) < SECTION:
            return found
        cursor = keyset.encode(*keys[-1])
        found.append(cursor)


def all_sections():
    """(name, cursor) of every section, remembered for an hour: a crawler's index may lag, its sections never do."""
    sections = cache.get("sitemap-sections")
    if sections is None:
        sections = [("pages", "")]
        sections += [("members", cursor) for cursor in cursors(members_for(VISITOR), "date_joined", "username")]
        # Boundaries from the post's own row, which an index serves; what a section shows is asked in full.
        sections += [("posts", cursor) for cursor in cursors(PostPage.objects.listed(), "published_at", "short_id")]
        cache.set("sitemap-sections", sections, INDEX_KEPT)
    return sections


@cache_control(max_age=600)
def index(request):
    """/sitemap.xml: where the sections are."""
    addresses = [
        settings.SITE_URL
        + reverse("sitemap_section", args=[name])
        + (f"?{urlencode({'after': cursor})}" if cursor else "")
        for name, cursor in all_sections()
    ]
    return render(request, "home/sitemap_index.xml", {"addresses": addresses}, content_type="application/xml")


def section(request, name):
    """One section. Not cached: what was taken down is gone from it at once."""
    if name not in SECTIONS:
        raise Http404
    entries = ((settings.SITE_URL + path, date) for path, date in SECTIONS[name](request.GET.get("after", "")))
    return render(request, "home/sitemap.xml", {"entries": entries}, content_type="application/xml")


ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /private/
Disallow: /search/
Disallow: /settings/
Disallow: /share/

Sitemap: {site}/sitemap.xml
"""


@cache_control(max_age=3600)
def robots(request):
    """/robots.txt."""
    return HttpResponse(ROBOTS.format(site=settings.SITE_URL), content_type="text/plain; charset=utf-8")
