"""What community stores: people, how they stand to each other, what they say, and the policies they accepted."""

from .announcements import Announcement, Dismissal
from .avatars import Avatar, AvatarMatch
from .bulk_takedowns import BulkTakedown, BulkTakedownPost
from .cases import Appeal, Case, Decision, LookAlike, Report
from .comments import AltSuggestion, Comment, Mention
from .consent import ConsentRecord, PolicyVersion
from .counts import MemberCounts, PostCounts
from .decision_templates import DecisionTemplate
from .explore import ExplorePlace
from .invitations import Invitation
from .likes import CommentLike, Like, Pin, Save, SaveList
from .notifications import Notification
from .numbers import DayNumbers
from .profiles import Profile
from .prompts import PromptEntry, PromptPage, PromptsPage
from .receipts import Receipt, ReceiptLine
from .relations import Block, Follow, HashtagFollow, Mute
from .rights import Device, Export
from .users import TakenName, User

__all__ = [
    "AltSuggestion",
    "Announcement",
    "Appeal",
    "Avatar",
    "AvatarMatch",
    "Block",
    "BulkTakedown",
    "BulkTakedownPost",
    "Case",
    "Comment",
    "CommentLike",
    "ConsentRecord",
    "DayNumbers",
    "Decision",
    "DecisionTemplate",
    "Device",
    "Dismissal",
    "ExplorePlace",
    "Export",
    "Follow",
    "HashtagFollow",
    "Invitation",
    "Like",
    "LookAlike",
    "MemberCounts",
    "Mention",
    "Mute",
    "Notification",
    "Pin",
    "PolicyVersion",
    "PostCounts",
    "Profile",
    "PromptEntry",
    "PromptPage",
    "PromptsPage",
    "Receipt",
    "ReceiptLine",
    "Report",
    "Save",
    "SaveList",
    "TakenName",
    "User",
]
