"""Which acts of staff begin a receipt, by their name in the log: of what, and whether it must be out of reach or in reach."""

from gallery.models import GalleryPage, Photo

from .actions.write_receipt import write_receipt, write_receipt_of_photo
from .models import Avatar, Comment, Receipt
from .receipts import forget

Kind, Expected = Receipt.Kind, Receipt.Expected
GONE, SHOWN = Expected.GONE, Expected.SHOWN

# None: the post or the gallery that the act is written down on.
BEGUN = {
    "pixlpix.take_down": (None, GONE),
    "pixlpix.restore": (None, SHOWN),
    "pixlpix.take_down_photo": (Kind.PHOTO, GONE),
    "pixlpix.confirm_match": (Kind.PHOTO, GONE),
    "pixlpix.restore_photo": (Kind.PHOTO, SHOWN),
    "pixlpix.take_down_comment": (Kind.COMMENT, GONE),
    "pixlpix.restore_comment": (Kind.COMMENT, SHOWN),
    "pixlpix.take_down_name": (Kind.NAME, GONE),
    "pixlpix.restore_name": (Kind.NAME, SHOWN),
    "pixlpix.take_down_avatar": (Kind.AVATAR, GONE),
    "pixlpix.restore_avatar": (Kind.AVATAR, SHOWN),
    "pixlpix.take_down_profile": (Kind.PROFILE, GONE),
    "pixlpix.restore_profile": (Kind.PROFILE, SHOWN),
    "pixlpix.take_down_member_name": (Kind.CALLED, GONE),
    "pixlpix.restore_member_name": (Kind.CALLED, SHOWN),
    "pixlpix.suspend": (Kind.MEMBER, GONE),
    "pixlpix.lift_suspension": (Kind.MEMBER, SHOWN),
}


def begin_receipt(thing, act, data):
    """Write the receipt of what staff did to `thing`, where it has one; in the transaction of the act."""
    if act == "pixlpix.erase_photo":
        forget(Receipt.objects.filter(kind=Kind.PHOTO, reference=data["photo"]))
    if act not in BEGUN:
        return
    kind, expected = BEGUN[act]
    if kind is None:
        kind = Kind.GALLERY if isinstance(thing, GalleryPage) else Kind.POST
    elif kind == Kind.PHOTO:
        photo = Photo.objects.select_related("picture__original", "post__author").get(key=data["photo"])
        if expected == GONE:
            write_receipt_of_photo(photo, thing)
            return
        thing = photo
    elif kind == Kind.COMMENT:
        thing = Comment.objects.select_related("post").get(key=data["comment"])
    elif kind == Kind.AVATAR:
        thing = Avatar.objects.select_related("user").get(pk=data["avatar"])
    write_receipt(thing, kind=kind, expected=expected)
