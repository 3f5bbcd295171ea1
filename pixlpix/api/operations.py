"""The operations of /api/v1/. Every list starts where a visitor's pages start: `community.visibility`."""

from typing import Annotated

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from community import lists
from community.hashtags import tagged
from community.models import PromptPage
from community.models.users import Standing
from community.visibility import discoverable_for, galleries_for, members_for, posts_for
from gallery.hashtags import folded_name
from gallery.keyset import Page, can_be_stored, page_of
from gallery.models import Erasure, Hashtag, PostPage
from gallery.states import Visibility
from search.backends import engine_of
from search.people import NEVER_SHOWN
from search.query import MAX_QUERY, parse

from . import schemas, shaping
from .problems import documented, problem

VISITOR = AnonymousUser()
MOST = 50  # items of a page

api = NinjaAPI(
    title="PixlPix",
    version="1.0.0",
    description="Public posts, galleries, members and prompts, read-only. See docs/api.md.",
    docs_url=None,
    urls_namespace="api",
)
After = Annotated[str, Query(description="The `next` of the page before; anything else shows the first page")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items at most")]
Typed = Annotated[
    str, Query(min_length=1, max_length=MAX_QUERY, description="Words, phrases, #hashtags; see docs/api.md")
]
DEFAULT = 20


class Gone(Exception):
    """The post was removed."""


@api.exception_handler(ValidationError)
def invalid(request, error):
    """What the parameters lack, without repeating what was sent."""
    errors = [{"where": [str(part) for part in found["loc"]], "message": found["msg"]} for found in error.errors]
    return problem(422, errors=errors)


@api.exception_handler(Http404)
def not_found(request, error):
    return problem(404)


@api.exception_handler(Gone)
def removed(request, error):
    return problem(410)


def listed():
    """Posts as lists show them to a visitor, with what is shown of them."""
    return posts_for(VISITOR).listed().for_cards()


def discoverable():
    """Of those, what a visitor may come across without asking for its author."""
    return posts_for(VISITOR).discoverable().for_cards()


def posts_page(page):
    return {"items": [shaping.a_post(post) for post in page], "next": page.next or None}


@api.get("/posts", response=schemas.Posts, openapi_extra=documented(), url_name="posts")
def posts(request, after: After = "", limit: Limit = DEFAULT):
    """All public posts, newest first."""
    return posts_page(page_of(discoverable(), after, size=limit))


@api.get("/posts/{short_id}", response=schemas.PostOut, openapi_extra=documented(404, 410), url_name="post")
def post(request, short_id: str):
    """One post. 410 where it was removed, 404 where there is none for visitors or only for people with its link."""
    found = listed().filter(short_id=known(short_id)).first()
    if found is None:
        removed = PostPage.objects.select_related("author").filter(short_id=short_id).first()
        gone = removed.is_gone or removed.author.standing == Standing.LEFT if removed else Erasure.of_post(short_id)
        raise Gone if gone else Http404
    return shaping.a_post(found)


@api.get("/members", response=schemas.Members, openapi_extra=documented(), url_name="members")
def members(request, after: After = "", limit: Limit = DEFAULT):
    """All members, who joined last first."""
    people = members_for(VISITOR).defer(*NEVER_SHOWN)
    page = page_of(people, after, size=limit, at="date_joined", key="username")
    return {"items": [shaping.a_member(member) for member in page], "next": page.next or None}


@api.get("/members/{username}", response=schemas.MemberOut, openapi_extra=documented(404), url_name="member")
def member(request, username: str):
    """One member."""
    return shaping.a_member(find_member(username))


@api.get("/members/{username}/posts", response=schemas.Posts, openapi_extra=documented(404), url_name="member_posts")
def posts_of_member(request, username: str, after: After = "", limit: Limit = DEFAULT):
    """A member's public posts, newest first."""
    return posts_page(page_of(listed().filter(author=find_member(username)), after, size=limit))


@api.get(
    "/members/{username}/galleries",
    response=schemas.Galleries,
    openapi_extra=documented(404),
    url_name="member_galleries",
)
def galleries_of_member(request, username: str):
    """A member's public galleries that have something in them, in the member's order, with their covers."""
    galleries = lists.galleries_of(find_member(username), VISITOR)
    lists.with_photos([gallery.cover_post for gallery in galleries])
    return {"items": [shaping.a_gallery(gallery, gallery.cover_post) for gallery in galleries]}


@api.get("/galleries/{username}/{slug}", response=schemas.GalleryOut, openapi_extra=documented(404), url_name="gallery")
def gallery(request, username: str, slug: str):
    """One public gallery."""
    return shaping.a_gallery(find_gallery(username, slug))


@api.get(
    "/galleries/{username}/{slug}/posts",
    response=schemas.Posts,
    openapi_extra=documented(404),
    url_name="gallery_posts",
)
def posts_of_gallery(request, username: str, slug: str, after: After = "", limit: Limit = DEFAULT):
    """What stands in a gallery, its author's posts and its contributors', in its order."""
    page = lists.posts_of_gallery(find_gallery(username, slug), VISITOR, after, size=limit)
    lists.with_photos(page.items)
    return posts_page(page)


@api.get("/tags/{tag}/posts", response=schemas.Posts, openapi_extra=documented(404), url_name="tag_posts")
def posts_of_tag(request, tag: str, after: After = "", limit: Limit = DEFAULT):
    """Public posts whose caption has the hashtag, newest first; none for a hashtag that nobody used."""
    name = folded_name(known(tag))
    if not name:
        return posts_page(Page([], ""))
    # The hashtag by its key, not by a join: so its rows are read in the order of their index.
    found = tagged(Hashtag.objects.filter(name=name).values("pk")[:1], VISITOR).for_cards()
    return posts_page(page_of(found, after, size=limit, at="tagged_at", key="tagged_id"))


@api.get("/prompts", response=schemas.Prompts, openapi_extra=documented(), url_name="prompts")
def prompts(request, after: After = "", limit: Limit = DEFAULT):
    """The photo challenges, the latest first."""
    page = page_of(PromptPage.objects.live().public(), after, size=limit, at="starts_at", key="slug")
    return {"items": [shaping.a_prompt(prompt) for prompt in page], "next": page.next or None}


@api.get("/prompts/{slug}", response=schemas.PromptOut, openapi_extra=documented(404), url_name="prompt")
def prompt(request, slug: str):
    """One photo challenge."""
    return shaping.a_prompt(find_prompt(slug))


@api.get("/prompts/{slug}/posts", response=schemas.Posts, openapi_extra=documented(404), url_name="prompt_posts")
def posts_of_prompt(request, slug: str, after: After = "", limit: Limit = DEFAULT):
    """The posts that members entered, the latest first."""
    found = discoverable().filter(prompt_entries__prompt=find_prompt(slug))
    found = found.annotate(entered_at=F("prompt_entries__entered_at"))
    return posts_page(page_of(found, after, size=limit, at="entered_at"))


@api.get("/search", response=schemas.Posts, openapi_extra=documented(), url_name="search")
def search(request, q: Typed, after: After = "", limit: Limit = DEFAULT):
    """Public posts by caption and alternative text, newest first. A page may hold fewer than it names a next one for."""
    posts = discoverable_for(VISITOR).for_cards()
    return posts_page(engine_of(PostPage.objects.db).find(parse(q), posts, after, limit))


def known(text):
    """`text` of an address. Raises Http404 for what no database could hold."""
    if not can_be_stored(text):
        raise Http404
    return text


def find_member(username):
    return get_object_or_404(members_for(VISITOR).defer(*NEVER_SHOWN), username=known(username).lower())


def find_gallery(username, slug):
    galleries = galleries_for(VISITOR).filter(visibility=Visibility.PUBLIC).select_related("author")
    return get_object_or_404(galleries, author__username=known(username).lower(), gallery_slug=known(slug))


def find_prompt(slug):
    return get_object_or_404(PromptPage.objects.live().public(), slug=known(slug))
