"""An export holds everything that is kept about a member: what is not in it is named here, with the reason.

A model that comes to refer to members, or another column of their own row or profile, fails this until it is either
exported or named.
"""

import json
import zipfile
from io import BytesIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from community.actions.block import block
from community.actions.enter_prompt import enter_prompt
from community.actions.follow import follow
from community.actions.mute import mute
from community.actions.request_export import request_export
from community.export import export_of
from community.models import (
    AltSuggestion,
    Announcement,
    Case,
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
    Report,
    Save,
    SaveList,
    User,
)
from gallery.models import Hashtag
from tests.factories import a_gallery, a_member, a_post, an_avatar, an_original
from tests.galleries_world import a_contributor, a_prompt, an_entry
from tests.people_world import a_follower, a_private_member

pytestmark = pytest.mark.django_db

# Relation to a member → where its rows stand in the export.
EXPORTED = {
    "account.EmailAddress.user": ("settings.json", "email_addresses"),
    "community.AltSuggestion.by": ("topics.json", "descriptions_suggested"),
    "community.Avatar.user": ("profile_pictures.json",),
    "community.Block.blocker": ("people.json", "blocked"),
    "community.Comment.author": ("comments.json",),
    "community.CommentLike.user": ("likes.json", "comments"),
    "community.ConsentRecord.user": ("consent.json",),
    "community.Decision.member": ("moderation.json", "decisions"),
    "community.Report.reporter": ("moderation.json", "reports_made"),
    "community.Dismissal.user": ("settings.json", "announcements_put_aside"),
    "community.Device.user": ("settings.json", "signed_in_devices"),
    "community.Follow.follower": ("people.json", "asked_to_follow"),
    "community.Follow.followed": ("people.json", "followers"),
    "community.HashtagFollow.user": ("topics.json", "hashtags_followed"),
    "community.Like.user": ("likes.json", "posts"),
    "community.Mention.user": ("topics.json", "mentioned_in"),
    "community.Mute.muter": ("people.json", "muted"),
    "community.Notification.recipient": ("notifications.json",),
    "community.Pin.user": ("settings.json", "pinned_posts"),
    "community.Profile.user": ("profile.json",),
    "community.SaveList.user": ("saves.json",),
    "community.TakenName.user": ("settings.json", "usernames"),
    "gallery.Contributor.user": ("shared_galleries.json", "contributes_to"),
    "gallery.GalleryEntry.added_by": ("shared_galleries.json", "posts_added"),
    "gallery.GalleryPage.author": ("galleries.json",),
    "gallery.MemberAct.actor": ("acts.json",),
    "gallery.PostPage.author": ("posts.json",),
    "gallery.Picture.uploaded_by_user": ("posts.json",),
    "mfa.Authenticator.user": ("settings.json", "second_factors"),
}
THEIR_OWN = "what another member decided about them is that member's own"
COPIED = "made from rows that are exported"
STAFF = "what staff did in the console belongs to the team's records; others have no such rows"
LEFT_OUT = {
    "community.Block.blocked": THEIR_OWN,
    "community.Mute.muted": THEIR_OWN,
    "community.Notification.actor": "what others were told is theirs; the act itself is exported",
    "community.MemberCounts.user": COPIED,
    "search.NameToken.user": COPIED,
    "gallery.MemberPage.user": "its title is their name",
    "gallery.Original.first_by": "exported with the posts and pictures that show it; unused ones are deleted after a week",
    "gallery.Upload.owner": "on its way: a post within a week, or deleted",
    "community.Export.user": "the file itself, and those before it, which the settings list until they expire",
    "community.User_groups.user": "named in profile.json",
    "community.User_user_permissions.user": "nobody has any: rights come by groups",
    "community.Case.member": "what others reported: what came of it stands in their decisions, and who reported is theirs",
    "community.Case.claimed_by": STAFF,
    "community.Receipt.member": "where it was asked for what was taken down, without its words: the decision is exported",
    "community.BulkTakedown.member": "how far a decision is carried out, which is exported, as are their posts",
    "community.BulkTakedown.by": STAFF,
    "community.BulkTakedown.undone_by": STAFF,
    "community.Decision.by": STAFF,
    "community.Decision.second": STAFF,
    "community.Decision.undone_by": STAFF,
    "community.Appeal.by": STAFF,
    "gallery.BannedPicture.added_by": STAFF,
    "gallery.BanMatch.decided_by": STAFF,
    "community.AvatarMatch.decided_by": STAFF,
    "community.Invitation.invited_by": STAFF,
    "community.Invitation.used_by": STAFF,
    "community.PolicyVersion.published_by": STAFF,
    "community.PromptEntry.chosen_by": STAFF,
    "home.Pick.curator": STAFF,
    "wagtailimages.Image.uploaded_by_user": "Wagtail's own model of images: ours stands in its place, and this one has no rows",
}
# The secret and the derived columns of their own two rows; all others are exported under some name.
OWN_COLUMNS = {
    "User": {
        "username", "name", "email", "standing", "standing_reason", "standing_since", "verified_at", "date_joined",
        "last_login", "is_private", "featurable", "groups",
    },
    "Profile": {
        "biography", "pronouns", "link", "time_zone", "hidden_words", "digest", "notification_choices", "team_state",
        "team_reason", "name_taken_down",
    },
}  # fmt: skip
COLUMNS_LEFT_OUT = {
    "id": "a number of ours",
    "user": "the row's own key",
    "password": "cannot be read back, and would only help who steals the file",
    "accepted_policy": "says what the consent records say",
    "is_active": "follows from the standing",
    "is_superuser": "nobody is one",
    "user_permissions": "nobody has any",
    "avatar_small": "a file made from a picture that is exported",
    "avatar_large": "a file made from a picture that is exported",
    "emptied_at": "nobody exports once it is set",
    "digest_sent_at": "a note of the mailer's",
    "mail_key": "whoever has it can stop the member's mails",
    "narrow_before": "a wish that is carried out within minutes",
    "accept_before": "a wish that is carried out within minutes",
}


def relations():
    """Every column of every model that refers to members: {"app.Model.column": model}."""
    fields = User._meta.get_fields(include_hidden=True)
    back = [field for field in fields if field.auto_created and (field.one_to_many or field.one_to_one)]
    return {f"{one.related_model._meta.label}.{one.field.name}": one.related_model for one in back}


@pytest.fixture
def ana():
    """Ana has a row in everything that is exported."""
    ana = a_member("ana", email="ana@example.org")
    milo, shy = a_member("milo"), a_private_member("shy")
    post, own = a_post(milo, original=an_original()), a_post(ana, caption="Mine")
    comment = Comment.objects.create(post=post, author=milo, text="Thanks")
    Comment.objects.create(post=post, author=ana, text="Lovely light")
    CommentLike.objects.create(user=ana, comment=comment)
    Like.objects.create(user=ana, post=post)
    Save.objects.create(list=SaveList.objects.create(user=ana, key="abcdefghjk", name="Later"), post=post)
    AltSuggestion.objects.create(photo=post.photos.get(), by=ana, text="A ridge")
    Mention.objects.create(user=ana, name="ana", post=post)
    Notification.objects.create(recipient=ana, kind="like", actor=milo, post=own)
    HashtagFollow.objects.create(user=ana, hashtag=Hashtag.objects.create(name="dawn"))
    Pin.objects.create(user=ana, post=own)
    Dismissal.objects.create(user=ana, announcement=Announcement.objects.create(text="<p>Winter is here</p>"))
    Device.objects.create(user=ana, session_key="s", name="Phone")
    Authenticator.objects.create(user=ana, type="recovery_codes", data={"seed": "very secret"})
    EmailAddress.objects.create(user=ana, email="new@example.org")
    a_follower(ana, "fan")
    follow(ana, milo), follow(ana, shy)
    block(ana, a_member("bert")), mute(ana, a_member("loud"))
    an_avatar(ana)
    Decision.objects.create(member=ana, act="warn", told="Mind the rules")
    case = Case.objects.create(kind="post", about=post.short_id, post=post, member=milo)
    Report.objects.create(case=case, reporter=ana, category="spam", text="An advertisement")
    iceland = a_gallery(milo, "Iceland")
    a_contributor(iceland, "zoe")
    type(iceland.contributors.get()).objects.update(user=ana)
    an_entry(iceland, ana)
    enter_prompt(a_prompt("Doors"), own, by=ana)
    Profile.objects.filter(user=ana).update(
        biography="Birds", pronouns="she", link="https://ana.example", hidden_words="spam", time_zone="Asia/Tokyo",
        digest="weekly", digest_sent_at=timezone.now(), notification_choices={"like": {"app": False, "email": False}},
    )  # fmt: skip
    return ana


@pytest.fixture
def documents(ana):
    archive = zipfile.ZipFile(BytesIO(b"".join(export_of(ana))))
    return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


def at(documents, path):
    found = documents
    for step in path:
        found = found[step]
    return found


def test_every_relation_to_members_is_exported_or_named_with_a_reason():
    known = EXPORTED.keys() | LEFT_OUT.keys()
    ours = {name for name in relations() if not name.startswith(("wagtailcore.", "wagtailadmin.", "wagtailusers."))}
    assert ours - known == set(), "exported? name where, else why not"
    assert known - ours == set(), "gone: take it out of the lists"
    assert all(LEFT_OUT.values()) and not EXPORTED.keys() & LEFT_OUT.keys()


def test_wagtails_own_tables_hold_nothing_of_a_member_who_is_no_staff(ana):
    request_export(ana)
    for name, model in relations().items():
        if (
            name.startswith(("wagtailcore.", "wagtailadmin.", "wagtailusers.", "wagtailimages."))
            and name.count(".") == 2
        ):
            assert not model._base_manager.filter(**{name.rpartition(".")[2]: ana}).exists(), name


@pytest.mark.parametrize("relation", EXPORTED)
def test_what_is_exported_is_there(ana, documents, relation):
    column = relation.rpartition(".")[2]
    assert relations()[relation]._base_manager.filter(**{column: ana}).exists(), "the world of this test lacks one"
    assert at(documents, EXPORTED[relation]), relation


@pytest.mark.parametrize("model", [User, Profile])
def test_every_column_of_their_own_rows_is_exported_or_named_with_a_reason(model):
    columns = {field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}
    assert columns == OWN_COLUMNS[model.__name__] | columns & COLUMNS_LEFT_OUT.keys()


def test_their_words_and_choices_are_there_each_as_it_was_chosen(documents):
    profile, settings, people = (documents[f"{name}.json"] for name in ("profile", "settings", "people"))
    assert [profile[name] for name in ("biography", "pronouns", "link", "time_zone")] == [
        "Birds", "she", "https://ana.example", "Asia/Tokyo",
    ]  # fmt: skip
    assert (settings["hidden_words"], settings["mail_digest"]) == (["spam"], "weekly")
    assert settings["notifications"] == {"like": {"app": False, "email": False}}
    assert [address["address"] for address in settings["email_addresses"]] == ["ana@example.org", "new@example.org"]
    names = {name: [row["username"] for row in rows] for name, rows in people.items()}
    assert names == {
        "following": ["milo"], "asked_to_follow": ["shy"], "followers": ["fan"], "requests": [], "blocked": ["bert"],
        "muted": ["loud"],
    }  # fmt: skip
    assert "very secret" not in json.dumps(documents)


def test_what_led_to_nothing_is_not_told():
    ana = a_member("ana")
    Decision.objects.create(member=ana, act="no_action")
    Decision.objects.create(member=ana, act="warn", state="proposed")
    archive = zipfile.ZipFile(BytesIO(b"".join(export_of(ana))))
    assert json.loads(archive.read("moderation.json"))["decisions"] == []
