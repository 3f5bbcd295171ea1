"""Descriptions that photos of a post lack, on its page."""

from gallery import cards

from ..models import AltSuggestion
from ..permissions import may_take_part
from ..visibility import members_for


def suggestions(request, post):
    """For a post's page: `undescribed`, photos for which its viewer may suggest words, and for its author `suggestions`,
    those that were made by people whom they see. One query for the author of a post with such a photo, else none."""
    without = [photo for photo in cards.photos_in_order(post) if not photo.alt_text]
    if not without or not may_take_part(request.user):
        return {}
    if post.author_id != request.user.pk:
        return {"undescribed": without}
    made = AltSuggestion.objects.filter(photo__in=without, by__in=members_for(request.user))
    return {"suggestions": list(made.select_related("by", "photo").order_by("photo__position", "pk")[:20])}
