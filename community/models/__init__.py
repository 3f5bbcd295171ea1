"""What community stores: people, the policies they accepted, and the names that were in use."""

from .consent import ConsentRecord, PolicyVersion
from .invitations import Invitation
from .users import TakenName, User

__all__ = ["ConsentRecord", "Invitation", "PolicyVersion", "TakenName", "User"]
