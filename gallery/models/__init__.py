"""What gallery stores: pictures and their originals, and the page tree of members, galleries and posts."""

from .acts import MemberAct
from .bans import BanMatch, BannedPicture, Match
from .erasures import Erasure
from .hashtags import Hashtag, PostHashtag
from .ledger import LedgerEntry
from .originals import Original
from .pages import FormerAddress, GalleryPage, MemberPage, MembersPage, PostPage, card_photos
from .photos import Photo, Publication
from .pictures import Picture, Rendition
from .purges import Purge
from .shared import Contributor, GalleryEntry
from .uploads import Upload

__all__ = [
    "BanMatch",
    "BannedPicture",
    "Contributor",
    "Erasure",
    "FormerAddress",
    "GalleryEntry",
    "GalleryPage",
    "Hashtag",
    "LedgerEntry",
    "Match",
    "MemberAct",
    "MemberPage",
    "MembersPage",
    "Original",
    "Photo",
    "Picture",
    "PostHashtag",
    "PostPage",
    "Publication",
    "Purge",
    "Rendition",
    "Upload",
    "card_photos",
]
