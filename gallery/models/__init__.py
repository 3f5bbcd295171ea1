"""What gallery stores: pictures and their originals, and the page tree of members, galleries and posts."""

from .acts import MemberAct
from .ledger import LedgerEntry
from .originals import Original
from .pages import FormerAddress, GalleryPage, MemberPage, MembersPage, PostPage, card_photos
from .photos import Photo, Publication
from .pictures import Picture, Rendition

__all__ = [
    "FormerAddress",
    "GalleryPage",
    "LedgerEntry",
    "MemberAct",
    "MemberPage",
    "MembersPage",
    "Original",
    "Photo",
    "Picture",
    "PostPage",
    "Publication",
    "Rendition",
    "card_photos",
]
