"""More that happened after the snapshot: what was out of reach is brought back, what looked like banned pictures is held,
names are taken down, a picture is replaced, and a photo is erased where another post shows its file."""

from types import SimpleNamespace

from community import avatar_bans
from community.actions.add_comment import add_comment
from community.actions.block import block, unblock
from community.actions.suspend_member import lift_suspension, suspend_member
from community.actions.take_down_avatar import restore_avatar, take_down_avatar
from community.actions.take_down_comment import restore_comment, take_down_comment
from community.actions.take_down_member_name import restore_member_name, take_down_member_name
from community.actions.take_down_profile import restore_profile, take_down_profile
from community.models import Avatar, Block, Comment, Profile, User
from gallery import bans
from gallery.actions.decide_match import let_through
from gallery.actions.erase_by_order import erase_by_order
from gallery.actions.limit_post import limit_post, unlimit_post
from gallery.actions.publish_post import publish_post
from gallery.actions.restore_post import restore_post
from gallery.actions.set_gallery_visibility import set_gallery_visibility
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.take_down_gallery_name import restore_gallery_name, take_down_gallery_name
from gallery.actions.take_down_photo import restore_photo, take_down_photo
from gallery.actions.take_down_post import take_down_post
from gallery.models import BanMatch, BannedPicture, GalleryPage, Photo, PostPage, Publication
from tests.factories import a_draft, a_gallery, a_member, a_post, an_avatar, an_original, first_gallery
from tests.killing import work

ONE_PHOTO = ("restored", "widened", "unlimited", "erased_elsewhere")
TWO_PHOTOS = ("photo_restored", "photo_let_through", "photo_held")
GALLERIES = ("raised", "wide", "named_again")
SHOWN_AGAIN = ("restored", "widened", "unlimited", *TWO_PHOTOS, "in_raised", "in_wide", "lifted_post")
PEOPLE = ("lifted", "named_anew", "nameless", "with_held", "with_other", "with_restored")


def prepare(admin):
    world = SimpleNamespace(admin=admin, author=a_member(), reader=a_member())
    for what in (*ONE_PHOTO, *TWO_PHOTOS):
        setattr(world, what, a_post(world.author, photos=2 if what in TWO_PHOTOS else 1))
    for what in GALLERIES:
        setattr(world, what, a_gallery(world.author, what.capitalize()))
        setattr(world, f"in_{what}", a_post(world.author, gallery=getattr(world, what)))
    for what in PEOPLE:
        setattr(world, what, a_member(name=f"Called {what}"))
    world.lifted_post = a_post(world.lifted)
    world.avatars = {what: an_avatar(getattr(world, what)) for what in ("with_held", "with_other", "with_restored")}
    # The file that is erased is in another post as well, beside a picture of its own.
    originals = [world.erased_elsewhere.photos.get().picture.original, an_original(by=world.author)]
    world.half_erased = publish_post(
        world.author, first_gallery(world.author), [(one, "A ridge") for one in originals], caption=""
    )
    world.draft = a_draft(world.author)
    work()
    world.comment = add_comment(world.restored, by=world.reader, text="Words")
    put_out_of_reach(world)
    work()
    return world


def put_out_of_reach(world):
    """Before the snapshot."""
    BannedPicture.objects.create(sha256="f" * 64, reason="entered by staff, so that nothing lifts it")
    by = {"by": world.admin, "reason": "a rule was broken"}
    take_down_comment(world.comment, **by)
    take_down_post(world.restored, **by)
    set_visibility(world.widened, by=world.author, visibility="followers")
    limit_post(world.unlimited, **by)
    take_down_photo(photo_of(world.photo_restored), **by)
    hold(photo_of(world.photo_let_through))
    take_down_gallery(world.raised, **by)
    set_gallery_visibility(world.wide, by=world.author, visibility="followers")
    take_down_gallery_name(world.named_again, **by)
    suspend_member(world.lifted, **by)
    block(world.author, world.reader)
    take_down_profile(world.reader, **by)
    take_down_avatar(world.avatars["with_restored"], **by)
    take_down_member_name(world.named_anew, **by)


def act(world):
    """What happens after the snapshot."""
    by = {"by": world.admin, "reason": "looked at once more"}
    restore_post(world.restored, **by)
    set_visibility(world.widened, by=world.author, visibility="public")
    unlimit_post(world.unlimited, **by)
    restore_photo(photo_of(world.photo_restored), **by)
    let_through(BanMatch.objects.get(photo=photo_of(world.photo_let_through)), **by)
    restore_gallery(world.raised, **by)
    set_gallery_visibility(world.wide, by=world.author, visibility="public")
    restore_gallery_name(world.named_again, **by)
    lift_suspension(world.lifted, **by)
    unblock(world.author, world.reader)
    restore_comment(world.comment, **by)
    restore_profile(world.reader, **by)
    restore_avatar(again(world.avatars["with_restored"]), **by)
    restore_member_name(world.named_anew, **by)
    take_down_member_name(world.nameless, **by)
    hold(photo_of(world.photo_held))
    hold(photo_of(world.draft))
    avatar_bans.hold(again(world.avatars["with_held"]), {a_banned_picture().pk: 3})
    an_avatar(world.with_other)
    erase_by_order(world.erased_elsewhere, **by)


def a_banned_picture():
    return BannedPicture.objects.get(about="")


def hold(photo):
    """As the worker does with what looks like a banned picture."""
    bans.hold(photo, {a_banned_picture().pk: 3})


def photo_of(post):
    return Photo.objects.filter(post=post.pk).select_related("picture__original", "post").order_by("position").first()


def again(avatar):
    return Avatar.objects.select_related("user", "picture__original").get(pk=avatar.pk)


# --- What is so afterwards --------------------------------------------------------------------------------------------


def states(world):
    """What rows say of everything that was acted on."""
    posts = {post.pk: post for post in PostPage.objects.all()}
    people = User.objects.in_bulk()
    galleries = GalleryPage.objects.in_bulk()
    return {
        "restored": posts[world.restored.pk].team_state,
        "widened": posts[world.widened.pk].effective_visibility,
        "unlimited": posts[world.unlimited.pk].limited,
        "photos": {what: photo_of(getattr(world, what)).team_state for what in TWO_PHOTOS},
        # Its author's other post with the file that was erased: taken down, with what is left of it.
        "half erased": [
            posts[world.half_erased.pk].team_state,
            Photo.objects.filter(post=world.half_erased.pk).count(),
        ],
        "draft": posts[world.draft.pk].team_state,
        "raised": galleries[world.raised.pk].team_state,
        "wide": posts[world.in_wide.pk].effective_visibility,
        "named again": galleries[world.named_again.pk].title,
        "lifted": people[world.lifted.pk].standing,
        "blocked": Block.objects.filter(blocker=world.author, blocked=world.reader).exists(),
        "comment": Comment.objects.get(key=world.comment.key).team_state,
        "profile": Profile.objects.get(user=world.reader).team_state,
        "names are usernames": {
            what: is_username(people[getattr(world, what).pk]) for what in ("named_anew", "nameless")
        },
        "avatars": {what: avatar_state(avatar) for what, avatar in world.avatars.items()},
    }


def is_username(user):
    return user.name == user.username


def avatar_state(avatar):
    """What the team did, whether its member chose another one, and whether it is public."""
    avatar = again(avatar)
    public = Publication.objects.filter(picture=avatar.picture_id, state=Publication.State.OPEN).exists()
    return [avatar.team_state, avatar.removed_at is not None, public]
