"""What of a member's doings with others goes into their export. Of other people it holds names, and nothing else.

What others did about the member, such as mentioning them, is there as far as the site shows it to them.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q

from gallery.models import Contributor, GalleryEntry
from gallery.states import TeamState

from .models import (
    AltSuggestion,
    Appeal,
    Avatar,
    Comment,
    CommentLike,
    Decision,
    Device,
    Dismissal,
    HashtagFollow,
    Like,
    Mention,
    Notification,
    Pin,
    Profile,
    PromptEntry,
    Report,
    Save,
    TakenName,
)
from .models.comments import STANDING
from .models.notifications import Kind
from .visibility import comments_for, notifications_for, posts_for

CHUNK = 500  # rows that are read at a time


def social_documents(user):
    """The JSON files: (name, content)."""
    yield "settings.json", settings_of(user)
    yield "comments.json", [comment_row(comment) for comment in comments_of(user)]
    yield "likes.json", {"posts": likes_of(user), "comments": comment_likes_of(user)}
    yield "saves.json", rows(Save.objects.filter(list__user=user), list="list__name", **POST, saved="created_at")
    yield "topics.json", topics_of(user)
    yield "shared_galleries.json", shared_of(user)
    yield (
        "prompts.json",
        rows(
            PromptEntry.objects.filter(post__author=user),
            prompt="prompt__title",
            post="post__short_id",
            entered="entered_at",
            place="place",
        ),
    )
    yield "notifications.json", notifications_of(user)
    yield "moderation.json", moderation_of(user)


POST = {"post": "post__short_id", "by": "post__author__username"}


def rows(queryset, **columns):
    """`queryset` in the order of its keys, as dictionaries of `columns` {name: lookup}."""
    found = queryset.order_by("pk").values_list(*columns.values()).iterator(chunk_size=CHUNK)
    return [dict(zip(columns, row, strict=True)) for row in found]


def settings_of(user):
    """What they chose, and how they sign in; no secret of any second factor."""
    profile = Profile.objects.filter(user=user).first() or Profile(user=user)
    return {
        "hidden_words": profile.hidden_words.splitlines(),
        "mail_digest": profile.digest,
        "notifications": profile.notification_choices,
        "email_addresses": rows(  # one that is not confirmed yet is not theirs yet
            EmailAddress.objects.filter(user=user), address="email", confirmed="verified", present="primary"
        ),
        "usernames": list(TakenName.objects.filter(user=user).order_by("pk").values_list("username", flat=True)),
        "signed_in_devices": rows(
            Device.objects.filter(user=user), name="name", signed_in="signed_in_at", last_seen="seen_on"
        ),
        "second_factors": [
            {"type": one.type, "name": str(one), "added": one.created_at, "last_used": one.last_used_at}
            for one in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "announcements_put_aside": rows(Dismissal.objects.filter(user=user), text="announcement__text", at="at"),
        "pinned_posts": rows(Pin.objects.filter(user=user), post="post__short_id", position="position"),
    }


def comments_of(user):
    found = Comment.objects.filter(author=user).select_related("post__author", "parent")
    return found.order_by("pk").iterator(chunk_size=CHUNK)


def comment_row(comment):
    return {
        "key": comment.key,
        "post": comment.post.short_id,
        "post_by": comment.post.author.username,
        "reply_to": comment.parent.key if comment.parent else None,
        "text": comment.text,
        "written": comment.created_at,
        "edited": comment.edited_at,
        "removed": comment.removed_at,
        "removed_by": comment.removed_by,
        "team_state": comment.team_state,
        "team_reason": comment.team_reason,
    }


def likes_of(user):
    return rows(Like.objects.filter(user=user), **POST, liked="created_at")


def comment_likes_of(user):
    likes = CommentLike.objects.filter(user=user)
    return rows(likes, comment="comment__key", by="comment__author__username", liked="created_at")


def topics_of(user):
    # Others' drafts name people, too.
    comments = comments_for(user).filter(STANDING)
    mentions = Mention.objects.filter(user=user, post__in=posts_for(user).order_by().values("pk"))
    mentions = mentions.filter(Q(comment__isnull=True) | Q(comment__in=comments.order_by().values("pk")))
    return {
        "hashtags_followed": rows(HashtagFollow.objects.filter(user=user), hashtag="hashtag__name", since="created_at"),
        "mentioned_in": rows(mentions, **POST, comment="comment__key"),
        "descriptions_suggested": rows(
            AltSuggestion.objects.filter(by=user),
            post="photo__post__short_id",
            by="photo__post__author__username",
            text="text",
            suggested="created_at",
        ),
    }


def shared_of(user):
    gallery = {"gallery": "gallery__title", "owner": "gallery__author__username"}
    own = Contributor.objects.filter(gallery__author=user)
    return {
        "contributes_to": rows(
            Contributor.objects.filter(user=user), **gallery, invited="invited_at", accepted="accepted_at"
        ),
        "own_contributors": rows(
            own, gallery="gallery__title", member="user__username", invited="invited_at", accepted="accepted_at"
        ),
        "posts_added": rows(
            GalleryEntry.objects.filter(added_by=user), **gallery, post="post__short_id", added="added_at"
        ),
    }


def notifications_of(user):
    return rows(
        notifications_for(user),
        kind="kind",
        member="actor__username",
        post="post__short_id",
        at="created_at",
        read="read_at",
    )


def moderation_of(user):
    """What the team decided about them and what is theirs, with its reasons (those on posts stand with the posts)."""
    down = {"state": "team_state", "reason": "team_reason"}
    told = Notification.objects.filter(recipient=user, kind=Kind.MODERATION)
    profile = Profile.objects.filter(user=user).exclude(team_state=TeamState.NONE)
    return {
        "standing": {"now": user.standing, "reason": user.standing_reason, "since": user.standing_since},
        "profile": rows(profile, **down),
        "profile_pictures": rows(
            Avatar.objects.filter(user=user).exclude(team_state=TeamState.NONE), **down, chosen="created_at"
        ),
        "told": rows(told, about="post__short_id", words="details", at="created_at"),
        # Who decided, and what staff noted for each other, is the team's; who reported is the reporter's.
        "decisions": rows(
            # Where nothing was done they hear of nothing: it would tell them that somebody reported them.
            Decision.objects.filter(member=user).exclude(state=Decision.State.PROPOSED).exclude(act=Decision.Act.NO_ACTION),
            reference="key", decision="act", state="state", rule="rule", words="told", at="made_at", until="strike_until",
        ),
        "appeals": rows(
            Appeal.objects.filter(decision__member=user),
            reference="key", words="text", at="made_at", outcome="outcome", answer="answer", answered="answered_at",
        ),
        "reports_made": rows(
            Report.objects.filter(reporter=user),
            reference="key", category="category", words="text", details="details", at="created_at", answer="answer",
        ),
    }  # fmt: skip
