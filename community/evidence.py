"""What cases keep as evidence: while one says so, nothing that it is about is erased, forgotten or expires."""

from django.db.models import Exists, OuterRef, Q

from gallery import holds

from .models import Avatar, Case

HOLDING = Case.objects.filter(holds_evidence=True)


def held_posts():
    """A condition on posts: what is reported, and the post below which a reported comment stands."""
    return Q(Exists(HOLDING.filter(post=OuterRef("pk")))) | Q(Exists(HOLDING.filter(comment__post=OuterRef("pk"))))


def held_comments():
    """A condition on comments."""
    return Exists(HOLDING.filter(comment=OuterRef("pk")))


def held_members():
    """A condition on members: whatever of theirs is evidence, they stay known until that is let go."""
    return Exists(HOLDING.filter(member=OuterRef("pk")))


def is_evidence(original):
    """Whether a case keeps this file: by its hash as it stood, by the photos of its post, by its member's profile pictures."""
    photos = Q(post__photos__picture__original=original)
    pictures = Q(kind=Case.Kind.PROFILE, member__in=Avatar.objects.filter(picture__original=original).values("user"))
    # The few cases that hold something have an index of their own; in it the text is looked through.
    return HOLDING.filter(photos | pictures | Q(frozen__icontains=original.sha256)).exists()


def register():
    holds.register(posts=held_posts, originals=is_evidence)
