"""What follows from a post's caption in other tables: its hashtags here, and whatever listens elsewhere."""

from django.dispatch import Signal

from .hashtags import bring_hashtags_in_step

# Sent with `post`, saved or about to be, and `new` for one that had no caption before, inside the transaction that gives it
# another caption. Gallery knows nothing of who listens: whom a caption mentions is community's to keep.
caption_changed = Signal()


def follow_caption(post, *, new=False):
    """Bring in step what follows from the caption of `post`, which has just been set. Inside that transaction.

    A `new` post costs nothing where its caption has no hashtag and mentions nobody.
    """
    bring_hashtags_in_step(post, new=new)
    caption_changed.send(sender=type(post), post=post, new=new)
