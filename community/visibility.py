"""Who sees what, decided in one place. Every list, page, feed, search and stream starts here."""

from gallery.models import PostPage
from gallery.states import AuthorState, TeamState, Visibility

from .models import User
from .models.users import Standing


def posts_for(viewer):
    """The posts that `viewer` (a user, or an anonymous one) may see, as a queryset to filter, order and page.

    Tests the rows of the gallery and the author as well as the post's own: an act on one of those holds at its commit,
    before the flags have been copied to every post.
    """
    return PostPage.objects.visible().filter(
        author__standing=Standing.ACTIVE,
        author__is_active=True,
        gallery__author_state=AuthorState.PUBLISHED,
        gallery__team_state=TeamState.NONE,
        # Followers-only posts come with following; until then nobody but their author would be meant.
        effective_visibility__in=(Visibility.PUBLIC, Visibility.UNLISTED),
    )


def members_for(viewer):
    """The members whom `viewer` may see."""
    return User.objects.members()
