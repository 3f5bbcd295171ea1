"""The search page, and what the search field suggests while somebody types."""

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from community.visibility import discoverable_for
from gallery.models import PostPage

from . import people
from .backends import engine_of
from .query import MAX_QUERY, parse

POSTS_A_PAGE = 30
PEOPLE_A_PAGE = 30
HASHTAGS_A_PAGE = 60
SUGGESTED = 5  # of each kind
POSTS, MEMBERS, HASHTAGS = "posts", "members", "hashtags"


def results(request):
    """/search/?q=&in=&after=: posts, members or hashtags, in tabs; for htmx the part that goes on."""
    if limited := ratelimit.consume_or_429(request, action="search", limit_get=True):
        return limited
    typed = request.GET.get("q", "").strip()[:MAX_QUERY]
    tab = request.GET.get("in")
    if tab not in TABS:
        # Who writes an at sign looks for a person.
        tab = MEMBERS if typed.startswith("@") else POSTS
    cursor = request.GET.get("after", "")
    page, context = TABS[tab](request.user, typed, cursor)
    context |= {
        "query": typed.replace("\x00", ""),
        "tab": tab,
        "tabs": {name: address(name, typed) for name in TABS},
        "next_url": address(tab, typed, page.next) if page.next else "",
        "first_page": not cursor,
    }
    more = "gallery/partials/post_grid_more.html" if tab == POSTS else f"search/partials/{tab}_more.html"
    response = render(request, more if request.htmx else "search/results.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def suggest(request):
    """/search/suggest/?q=: the members and hashtags that begin so, as the options of the search field's list."""
    if limited := ratelimit.consume_or_429(request, action="search", limit_get=True):
        return limited
    typed = request.GET.get("q", "").strip()[:MAX_QUERY]
    context = {"members": [], "hashtags": [], "hashtags_first": typed.startswith("#")}
    if not typed.startswith("#"):
        context["members"] = people.members(request.user, typed, size=SUGGESTED).items
    if not typed.startswith("@"):
        context["hashtags"] = tags_of(people.hashtags(request.user, typed, size=SUGGESTED))
    return render(request, "search/partials/suggestions.html", context)


def posts_tab(viewer, typed, cursor):
    """Posts by caption and alternative text, newest first; above them, for who wrote a hashtag, those that begin so."""
    query = parse(typed)
    posts = discoverable_for(viewer).for_cards()
    page = engine_of(PostPage.objects.db).find(query, posts, cursor, POSTS_A_PAGE)
    hashtags = []
    if typed.startswith("#") and not cursor:
        hashtags = tags_of(people.hashtags(viewer, typed, size=SUGGESTED))
    context = {
        "asks": bool(query),
        "only_left_out": bool(query.exclude) and not query,
        "words": len(query.include),
        "posts": page.items,
        "hashtags": hashtags,
    }
    return page, context


def members_tab(viewer, typed, cursor):
    """Members of whose username and name the words begin one."""
    page = people.members(viewer, typed, cursor, PEOPLE_A_PAGE)
    return page, {"asks": bool(people.words(typed)), "members": page.items}


def hashtags_tab(viewer, typed, cursor):
    """Hashtags that begin so and have posts to show."""
    page = people.hashtags(viewer, typed, cursor, HASHTAGS_A_PAGE)
    return page, {"asks": bool(people.hashtag_of(typed)), "hashtags": tags_of(page)}


TABS = {POSTS: posts_tab, MEMBERS: members_tab, HASHTAGS: hashtags_tab}


def address(tab, typed, cursor=""):
    """The address of one tab of the search page."""
    parts = {"q": typed, "in": tab, "after": cursor}
    return f"{reverse('search')}?{urlencode({name: part for name, part in parts.items() if part})}"


def tags_of(page):
    """Hashtags as templates link to them: name and address."""
    return [{"name": tag.name, "url": reverse("hashtag", args=[tag.name])} for tag in page]
