"""What parts of the site add to the page of a post and of a member, each in a module of its own.

A part is a function from (request, post) to a dict for the template, which says what it costs in queries. An asking part
wants to know something about the post from the database: it returns (columns, show), of which `columns` are expressions
by name and `show` makes the dict from a row of them. What all of those ask is fetched in one query.
"""

from django.http import Http404

from gallery.models import PostPage

from ..embedding import head_of_post
from ..neighbours import neighbours
from ..profile_parts import profile_of
from .notifications_part import opened
from .prompts import prompts_of_member, prompts_of_post
from .reactions import reactions
from .shared_galleries import shared_galleries
from .suggestions_part import suggestions
from .talk_parts import part_of_post

ASKING_OF_POST = (opened, reactions, neighbours, shared_galleries, prompts_of_post)
OF_POST = (suggestions, part_of_post, head_of_post)
# From (request, member) for the first page of a member's.
OF_MEMBER = (profile_of, prompts_of_member)


def of_post(request, post):
    """What the template of a post's page gets from all parts."""
    context = asked(request, post, *ASKING_OF_POST)
    for part in OF_POST:
        context |= part(request, post)
    return context


def asked(request, post, *parts):
    """What the template gets from asking parts. One query, and what they say they cost besides."""
    asking = [part(request, post) for part in parts]
    columns = {name: column for wanted, _show in asking for name, column in wanted.items()}
    row = PostPage.objects.filter(pk=post.pk).values(**columns).first()
    if row is None:  # erased a moment ago
        raise Http404
    return {name: value for _columns, show in asking for name, value in show(row).items()}


def of_member(request, member):
    """What the template of a member's page gets from all parts."""
    return {name: value for part in OF_MEMBER for name, value in part(request, member).items()}
