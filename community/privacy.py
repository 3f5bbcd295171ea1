"""What a choice about one's privacy does to many rows: older posts narrowed, waiting requests accepted.

The wish is a time on the profile, committed with the choice; what is older than that and not done yet is what is left to
do, by the request that made the choice and by a task after it. What a crash interrupts, the sweeper queues again.
"""

from gallery.actions.narrow_posts import narrow_posts
from gallery.models import PostPage
from gallery.states import AuthorState, Visibility

from .actions.answer_request import accept_request
from .models import Follow, Profile

INLINE = 20  # rows that follow before the answer returns; the rest as a task


def narrow_drafts(user):
    """Drafts and scheduled posts are new ones: for followers, until their author says otherwise."""
    return narrow_posts(PostPage.objects.of(user).filter(author_state__in=(AuthorState.DRAFT, AuthorState.SCHEDULED)))


def narrow_older(user, *, most=None):
    """Narrow up to `most` posts (all, where None) that are older than the wish; returns how many."""
    return carry_out(user, "narrow_before", older_posts, narrow_posts, most)


def older_posts(user, before):
    """What `user` made until `before` that is not for followers alone, in any state, newest first."""
    posts = PostPage.objects.of(user).exclude(visibility=Visibility.FOLLOWERS).order_by("-created_at")
    return posts.filter(created_at__lte=before) if before else posts


def accept_waiting(user, *, most=None):
    """Accept up to `most` requests (all, where None) that are older than the wish; returns how many."""

    def accept_all(requests):
        return sum(accept_request(user, request.follower) for request in requests)

    return carry_out(user, "accept_before", waiting_requests, accept_all, most)


def waiting_requests(user, before):
    requests = Follow.objects.filter(followed=user, accepted_at__isnull=True, created_at__lte=before)
    return requests.select_related("follower").order_by("created_at", "pk")


def carry_out(user, wish, rows_of, act, most):
    """Do `act` to the rows that a wish is about; once none is left, the wish is done."""
    before = Profile.objects.filter(user=user).values_list(wish, flat=True).first()
    if before is None:
        return 0
    rows = rows_of(user, before)
    done = act(list(rows[:most] if most else rows))
    if not rows_of(user, before).exists():
        Profile.objects.filter(user=user, **{wish: before}).update(**{wish: None})
    return done
