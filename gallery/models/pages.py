"""The page tree of members: members page → member's page → gallery → post.

Members' pages live in Wagtail's tree for its log, its permissions and its addresses; they have no edit form, no
revisions, no schedule, no copy and no alias. What a feed filters or sorts by stands on the post's own table, which
partial indexes serve; Wagtail's `live` is derived from it. Actions change them; nothing else does.
"""

from .galleries import GalleryOrder, GalleryPage
from .members import MemberPage, MembersPage
from .posts import FormerAddress, PostPage, card_photos

__all__ = ["FormerAddress", "GalleryOrder", "GalleryPage", "MemberPage", "MembersPage", "PostPage", "card_photos"]
