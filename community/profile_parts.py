"""What a member's page says besides their posts: their own words, their numbers, and how the viewer stands to them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from gallery.states import TeamState

from .models import Follow, MemberCounts, Profile
from .permissions import may_follow
from .visibility import Relation, relation


@dataclass(frozen=True)
class ProfileShown:
    """A member's profile as one viewer sees it."""

    relation: Relation
    biography: str = ""
    pronouns: str = ""
    link: str = ""
    followers: int = 0
    following: int = 0
    may_follow: bool = False  # whether they are offered to follow, mute and block
    for_followers: bool = False  # new posts are for followers, of whom the viewer is none
    requests: bool = False  # their own: somebody asked to follow them

    @property
    def link_label(self):
        """The link without what every link has."""
        parts = urlsplit(self.link)
        return f"{parts.netloc}{parts.path}".removeprefix("www.").rstrip("/") or self.link


def profile_of(request, member):
    """{"profile": ProfileShown}. One query; none for a visitor, and for oneself with an account for everyone."""
    viewer = request.user
    own = viewer.is_authenticated and viewer.pk == member.pk
    words = getattr(member, "profile", None) or Profile()
    if words.team_state != TeamState.NONE and not own:
        words = Profile()
    counts = getattr(member, "counts", None) or MemberCounts()
    stands = relation(viewer, member)
    return {
        "profile": ProfileShown(
            biography=words.biography,
            pronouns=words.pronouns,
            link=words.link,
            followers=counts.followers,
            following=counts.following,
            relation=stands,
            may_follow=not own and may_follow(viewer),
            for_followers=member.is_private and not own and not stands.follows,
            requests=own
            and member.is_private
            and Follow.objects.filter(followed=member, accepted_at__isnull=True).exists(),
        )
    }
