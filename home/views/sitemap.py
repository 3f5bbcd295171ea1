"""The sitemap of what is listed, and robots.txt.

An index leads to sections of at most SECTION addresses. A section begins after a cursor, oldest first, so that a full
section stays what it is and only the last one grows; nothing is counted and nothing skipped by OFFSET.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control

from community.models import PromptPage, PromptsPage
from community.visibility import discoverable_for, members_for, posts_for
from gallery import keyset
from gallery.keyset import By
from gallery.models import Hashtag, PostHashtag, PostPage
from gallery.states import LISTED

from ..crawlers import refusal
from ..models import EditorialPage

SECTION = 10_000  # addresses; the format allows 50,000
INDEX_KEPT = 3600  # seconds for which the list of sections is remembered
VISITOR = AnonymousUser()


# What each section is ordered by.
POSTS = keyset.turned(keyset.newest())
MEMBERS = keyset.turned(keyset.newest("date_joined", "username"))
PROMPTS = keyset.turned(keyset.newest("starts_at", "slug"))
HASHTAGS = (By("name", descending=False),)


def rows_after(queryset, cursor, order):
    """`queryset` after `cursor` in `order`."""
    return keyset.after_in(queryset, order, cursor).order_by(*map(keyset.term, order))[:SECTION]


def post_addresses(cursor):
    """(path, date) of each listed post of the section."""
    posts = posts_for(VISITOR).discoverable().select_related("author", "gallery")
    for post in rows_after(posts, cursor, POSTS):
        yield post.address(), post.published_at


def member_addresses(cursor):
    """(path, None) of each member of the section."""
    for member in rows_after(members_for(VISITOR).only("username", "date_joined"), cursor, MEMBERS):
        yield member.get_absolute_url(), None


def prompts():
    """The prompts that staff published."""
    return PromptPage.objects.live().public()


def prompt_addresses(cursor):
    """(path, date) of each prompt of the section."""
    for prompt in rows_after(prompts(), cursor, PROMPTS):
        yield prompt.address(), prompt.last_published_at


def hashtag_addresses(cursor):
    """(path, None) of each hashtag of the section under which visitors find a post."""
    shown = discoverable_for(VISITOR).order_by().values("pk")
    found = PostHashtag.objects.filter(hashtag=OuterRef("pk"), published_at__isnull=False, post__in=shown)
    for name in rows_after(Hashtag.objects.filter(Exists(found)), cursor, HASHTAGS).values_list("name", flat=True):
        yield reverse("hashtag", args=[name]), None


def page_addresses(cursor):
    """(path, date) of the front page, the lists that are there from the start and what staff wrote. Few: one section."""
    yield "/", None
    for name in ("explore", "picks", "members", "hashtags"):
        yield reverse(name), None
    if PromptsPage.objects.live().exists():
        yield reverse("prompts"), None
    for page in EditorialPage.objects.live().public().order_by("path")[:SECTION]:
        yield page.get_url(), page.last_published_at


SECTIONS = {
    "pages": page_addresses,
    "members": member_addresses,
    "posts": post_addresses,
    "prompts": prompt_addresses,
    "hashtags": hashtag_addresses,
}


def cursors(queryset, order):
    """The cursor at which each section of `queryset` begins, the first empty. One query of keys alone a section."""
    cursor, found = "", [""]
    while True:
        keys = list(rows_after(queryset, cursor, order).values_list(*(by.name for by in order)))
        if len(keys) < SECTION:
            return found
        cursor = keyset.encode(*keys[-1])
        found.append(cursor)


def all_sections():
    """(name, cursor) of every section, remembered for an hour: a crawler's index may lag, its sections never do."""
    sections = cache.get("sitemap-sections")
    if sections is None:
        # Boundaries from the own row of a post or a hashtag, which an index serves; what a section shows is asked in full.
        bounds = {
            "members": (members_for(VISITOR), MEMBERS),
            "posts": (PostPage.objects.filter(LISTED), POSTS),
            "prompts": (prompts(), PROMPTS),
            "hashtags": (Hashtag.objects.all(), HASHTAGS),
        }
        sections = [("pages", "")]
        sections += [(name, cursor) for name, rows in bounds.items() for cursor in cursors(*rows)]
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
Disallow: /home/
Disallow: /private/
Disallow: /search/
Disallow: /settings/
Disallow: /share/

Sitemap: {site}/sitemap.xml
"""


@cache_control(max_age=3600)
def robots(request):
    """/robots.txt."""
    text = ROBOTS.format(site=settings.SITE_URL)
    if settings.REFUSE_AI_TRAINING:
        text = f"{text}\n{refusal()}"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@cache_control(max_age=3600)
def tdm_reservation(request):
    """/.well-known/tdmrep.json: the same word in the W3C's TDM Reservation Protocol."""
    if not settings.REFUSE_AI_TRAINING:
        raise Http404
    return JsonResponse([{"location": "/", "tdm-reservation": 1}], safe=False)
