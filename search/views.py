"""The search page."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from community.visibility import posts_for
from gallery.models import PostPage

from .backends import engine_of
from .query import MAX_QUERY, parse

POSTS_A_PAGE = 30


def results(request):
    """/search/?q=&after=: posts by caption and alternative text, newest first; for htmx the part that goes on."""
    typed = request.GET.get("q", "").strip()[:MAX_QUERY]
    query = parse(typed)
    posts = posts_for(request.user).listed().for_cards()
    page = engine_of(PostPage.objects.db).find(query, posts, request.GET.get("after", ""), POSTS_A_PAGE)
    context = {
        "query": typed.replace("\x00", ""),
        "asks": bool(query),
        "only_left_out": bool(query.exclude) and not query,
        "words": len(query.include),
        "posts": page.items,
        "next_url": f"{reverse('search')}?{urlencode({'q': typed, 'after': page.next})}" if page.next else "",
        "first_page": not request.GET.get("after"),
    }
    template = "gallery/partials/post_grid_more.html" if request.htmx else "search/results.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
