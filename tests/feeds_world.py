"""Who follows whom and what, for tests of what is gathered: rows as the actions leave them."""

from django.utils import timezone

from community.models import Follow, HashtagFollow
from gallery.models import Hashtag, PostHashtag


def follows(follower, *followed, accepted=True):
    """`follower` follows each of `followed`, or has asked to."""
    for member in followed:
        Follow.objects.create(follower=follower, followed=member, accepted_at=timezone.now() if accepted else None)


def follows_hashtag(member, name):
    """`member` follows the hashtag called `name`."""
    hashtag, _made = Hashtag.objects.get_or_create(name=name)
    HashtagFollow.objects.create(user=member, hashtag=hashtag)


def tagged(post, *names):
    """Give `post` hashtags; returns it."""
    for name in names:
        hashtag, _made = Hashtag.objects.get_or_create(name=name)
        PostHashtag.objects.get_or_create(
            hashtag=hashtag, post=post, published_at=post.published_at, short_id=post.short_id
        )
    return post
