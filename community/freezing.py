"""What was reported, as it stood when it was reported: plain values, which no later edit or deletion reaches.

Of files the SHA-256, by which the original is found in the vault; of a photo its key besides. What stands here is what the
thing says itself: nothing of what others say around it, so that erasing theirs need not look here.
"""

from gallery.captions import caption_changed
from gallery.text import token_text

from .models import Avatar, Case, Profile

# What people write, of all that is frozen: a case is found by these words, and by those of alternative texts.
WORDS = ("caption", "text", "name", "biography")


def freeze(kind, thing, **known):
    """`thing` (post, comment or member) as it stands now, as JSON: whatever its kind, with "at" and "by". Of a post its
    `photos`, in place and in order, may be given where somebody has read them already."""
    return FREEZERS[kind](thing, **known)


def tokens_of(frozen, caption=""):
    """What search holds of a case: the tokens of what was frozen, and of `caption` as it is in the post now."""
    words = [frozen.get(name, "") for name in WORDS]
    described = [photo["alt_text"] for photo in frozen.get("photos", ())]
    return token_text(caption if caption != words[0] else "", [*words, *described])


def connect():
    """Listen to gallery. Called once, when the apps are ready."""
    caption_changed.connect(keep_tokens, dispatch_uid="community.freezing")


def keep_tokens(sender, post, new, **kwargs):
    """Sent by gallery in the transaction that changes a caption: the cases about it are found by the new one as well."""
    if new:
        return
    cases = list(Case.objects.filter(post=post.pk).only("frozen"))
    for case in cases:
        case.tokens = tokens_of(case.frozen, post.caption)
    if cases:
        Case.objects.bulk_update(cases, ["tokens"])


def post_as_it_stands(post, photos=None):
    if photos is None:
        photos = post.photos.in_place().select_related("picture__original").order_by("position")
    return {
        "by": post.author.username,
        "at": post.address(),
        "caption": post.caption,
        "gallery": post.gallery.title,
        "visibility": str(post.effective_visibility),
        "sensitive": post.is_sensitive,
        "published": iso(post.published_at),
        "photos": [
            {"key": photo.key, "alt_text": photo.alt_text, "sha256": photo.picture.original.sha256} for photo in photos
        ],
    }


def comment_as_it_stands(comment):
    return {
        "by": comment.author.username,
        "at": comment.address(),
        "text": comment.text,
        "written": iso(comment.created_at),
        "edited": iso(comment.edited_at),
        "post": comment.post.short_id,
        "reply_to": comment.parent.key if comment.parent else "",
    }


def profile_as_it_stands(member):
    profile = Profile.objects.filter(user=member).first() or Profile()
    avatar = Avatar.objects.in_place().filter(user=member).select_related("picture__original").first()
    return {
        "by": member.username,
        "at": member.get_absolute_url(),
        "name": member.name,
        "biography": profile.biography,
        "pronouns": profile.pronouns,
        "link": profile.link,
        "picture_sha256": avatar.picture.original.sha256 if avatar else "",
    }


def iso(moment):
    return moment.isoformat() if moment else ""


FREEZERS = {
    Case.Kind.POST: post_as_it_stands,
    Case.Kind.COMMENT: comment_as_it_stands,
    Case.Kind.PROFILE: profile_as_it_stands,
}
