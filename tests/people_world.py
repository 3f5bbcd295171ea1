"""People who know each other, made through the same actions as the site uses."""

from django.test import Client

from community.actions.answer_request import accept_request
from community.actions.follow import follow
from community.actions.set_privacy import set_privacy
from community.models import Follow, MemberCounts, Notification
from gallery.models import PostPage
from tests.factories import a_member, a_post


def a_private_member(username=None, **fields):
    """A member whose account is for followers."""
    return set_privacy(a_member(username, **fields), is_private=True, featurable=True)


def a_follower(member, username=None):
    """A member who follows `member`, asked and accepted where that must be."""
    follower = a_member(username)
    follow(follower, member)
    accept_request(member, follower)
    return follower


def a_post_for_followers(author, **fields):
    """A post of a private `author`'s, published as such."""
    post = a_post(author, **fields)
    assert PostPage.objects.get(pk=post.pk).effective_visibility == "followers"
    return post


def signed_in(member):
    """A client of `member`'s."""
    client = Client()
    client.force_login(member)
    return client


def numbers(member):
    """(followers, following) as they are kept."""
    kept = MemberCounts.objects.filter(pk=member.pk).values_list("followers", "following").first()
    return kept or (0, 0)


def rows(member):
    """(followers, following) as the rows say."""
    accepted = Follow.objects.filter(accepted_at__isnull=False)
    return accepted.filter(followed=member).count(), accepted.filter(follower=member).count()


def told(member):
    """[(kind, who)] of what a member has not read yet."""
    unread = Notification.objects.filter(recipient=member, read_at__isnull=True).order_by("pk")
    return [(kind, name) for kind, name in unread.values_list("kind", "actor__username")]
