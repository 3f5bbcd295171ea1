"""What happened after the snapshot to which the site is rolled back: a world, and acts of every kind on it."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from community.actions.add_comment import add_comment
from community.actions.block import block
from community.actions.change_username import change_username
from community.actions.come_back import come_back
from community.actions.empty_account import empty_account
from community.actions.erase_account import erase_account
from community.actions.follow import follow
from community.actions.leave import leave
from community.actions.remove_avatar import remove_avatar
from community.actions.remove_comment import remove_comment
from community.actions.remove_follower import remove_follower
from community.actions.suspend_member import suspend_member
from community.actions.take_down_avatar import take_down_avatar
from community.actions.take_down_comment import take_down_comment
from community.actions.take_down_profile import take_down_profile
from community.models import Block, Comment, Follow, Profile, User
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.erase_by_order import erase_by_order
from gallery.actions.limit_post import limit_post
from gallery.actions.remove_photo import remove_photo
from gallery.actions.set_gallery_visibility import set_gallery_visibility
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.actions.take_down_gallery_name import take_down_gallery_name
from gallery.actions.take_down_photo import take_down_photo
from gallery.actions.take_down_post import take_down_post
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage, PostPage, Publication, Rendition
from tests.factories import a_gallery, a_member, a_post, a_staff_member, an_avatar
from tests.killing import work

POSTS = ("taken_down", "erased", "withdrawn", "narrowed", "undone", "limited", "untouched", "with_photos")
PEOPLE = ("leaver", "suspended", "renamed", "shell", "returned")


class World(SimpleNamespace):
    def paths(self):
        """Addresses of posts, by what happens to them, as they were at first."""
        return {what: f"/p/{short_id}/" for what, short_id in self.short_ids.items()}


def prepare():
    world = World(admin=a_staff_member("Administrators"), author=a_member(), other=a_member(), short_ids={})
    for what in POSTS:
        setattr(world, what, a_post(world.author, photos=3 if what == "with_photos" else 1))
    for what in PEOPLE:
        person = a_member()
        setattr(world, what, person)
        setattr(world, f"{what}_post", a_post(person))
    world.closed, world.down, world.narrow = (a_gallery(world.author, name) for name in ("Closed", "Down", "Narrow"))
    for what in ("closed", "down", "narrow"):
        setattr(world, f"in_{what}", a_post(world.author, gallery=getattr(world, what)))
    world.named = a_gallery(world.author, "An insult")
    an_avatar(world.author)
    world.other_avatar = an_avatar(world.other)
    work()
    world.comments = [add_comment(world.untouched, by=world.other, text=f"Words {n}") for n in range(3)]
    follow(world.other, world.author)
    Profile.objects.filter(user=world.other).update(biography="An insult")
    for what in (*POSTS, *(f"{p}_post" for p in PEOPLE), "in_closed", "in_down", "in_narrow"):
        world.short_ids[what] = getattr(world, what).short_id
    return world


def act(world):
    """What happens after the snapshot."""
    by = {"by": world.admin, "reason": "a rule was broken"}
    take_down_post(world.taken_down, **by)
    world.erased_files = [photo.picture.original.name for photo in world.erased.photos.all()]
    erase_by_order(world.erased, **by)
    withdraw_post(world.withdrawn, by=world.author)
    set_visibility(world.narrowed, by=world.author, visibility="followers")
    undo_withdrawal(withdraw_post(world.undone, by=world.author), by=world.author)
    limit_post(world.limited, **by)
    first, second, _third = world.with_photos.photos.order_by("position")
    remove_photo(first, by=world.author)
    take_down_photo(second, **by)
    act_on_galleries(world, by)
    act_on_people(world, by)
    a_post(world.author, caption="Made later")


def act_on_galleries(world, by):
    delete_gallery(world.closed, by=world.author)
    take_down_gallery(world.down, **by)
    set_gallery_visibility(world.narrow, by=world.author, visibility="followers")
    take_down_gallery_name(world.named, **by)


def act_on_people(world, by):
    leave(world.leaver)
    suspend_member(world.suspended, **by)
    change_username(world.renamed, "called-otherwise")
    suspend_member(User.objects.get(pk=world.renamed.pk), **by)
    come_back(leave(world.returned))
    remove_avatar(world.author)
    take_down_avatar(world.other_avatar, **by)
    take_down_profile(world.other, **by)
    remove_comment(world.comments[0], by=world.other)
    take_down_comment(world.comments[1], **by)
    remove_follower(world.author, world.other)
    block(world.author, world.suspended)
    erase_a_shell(world.shell)


def erase_a_shell(user):
    long_ago = timezone.now() - timedelta(days=90)
    User.objects.filter(pk=leave(user).pk).update(standing_since=long_ago)
    empty_account(user)
    User.objects.filter(pk=user.pk).update(emptied_at=long_ago)
    assert erase_account(User.objects.get(pk=user.pk))


# --- What is so afterwards --------------------------------------------------------------------------------------------

OUT = ("taken_down", "erased", "withdrawn", "narrowed", "in_closed", "in_down", "in_narrow")
OUT_PEOPLE = ("leaver_post", "suspended_post", "renamed_post", "shell_post")


def public_of(post):
    """The names of the public files of a post, by its rows."""
    renditions = Rendition.objects.filter(image__photo__post__short_id=post.short_id).exclude(public_name="")
    return set(renditions.values_list("public_name", flat=True))


def public_names(world):
    """The public files of everything that is about to be taken out of reach."""
    gone = [getattr(world, what) for what in (*OUT, *OUT_PEOPLE)]
    found = set().union(*map(public_of, gone))
    for user in (world.author, world.other):
        user.refresh_from_db()
        found |= {user.avatar_small, user.avatar_large}
    for photo in world.with_photos.photos.order_by("position")[:2]:
        found |= set(photo.picture.renditions.exclude(public_name="").values_list("public_name", flat=True))
    assert "" not in found and len(found) > 20
    return found


def shown_to_all(world):
    """What of our posts has an open publication."""
    opened = set(Publication.objects.filter(state="open").values_list("post__short_id", flat=True))
    return {what for what, short_id in world.short_ids.items() if short_id in opened}


def states(world):
    """What rows say of everything that was acted on."""
    posts = {post.short_id: post for post in PostPage.objects.all()}
    galleries = GalleryPage.objects.in_bulk([one.pk for one in (world.closed, world.down, world.narrow, world.named)])
    people = User.objects.in_bulk()
    comments = {comment.key: comment for comment in Comment.objects.all()}
    photos = world.with_photos.photos.order_by("pk")
    return {
        "erased post": world.erased.short_id in posts,
        "shell": world.shell.pk in people,
        "limited": posts[world.limited.short_id].limited,
        "photos": [[photo.removed_at is not None, photo.team_state] for photo in photos],
        "closed": galleries[world.closed.pk].author_state,
        "down": galleries[world.down.pk].team_state,
        "narrow": galleries[world.narrow.pk].visibility,
        "name": galleries[world.named.pk].title,
        "standing": {what: people[getattr(world, what).pk].standing for what in PEOPLE if what != "shell"},
        "avatars": [people[user.pk].avatar_large for user in (world.author, world.other)],
        "profile": Profile.objects.get(user=world.other).team_state,
        "comments": [[comments[one.key].removed_by, comments[one.key].team_state] for one in world.comments],
        "follows": Follow.objects.filter(follower=world.other, followed=world.author).exists(),
        "blocked": Block.objects.filter(blocker=world.author, blocked=world.suspended).exists(),
    }
