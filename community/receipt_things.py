"""What receipts are about: for each kind, where it is looked up, what must not be found of it, and when it is in reach again.

Everything is derived from the rows of the thing when a receipt is checked: of words a receipt keeps nothing.
"""

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import cached_property

from gallery import addresses
from gallery.addresses import FILE, LISTS, OWN
from gallery.models import GalleryPage, Photo, Publication
from gallery.states import TeamState

from . import thing_addresses
from .models import Avatar, Comment, Profile, Receipt, ReceiptLine, User
from .receipt_words import Sought, words
from .visibility import galleries_for, members_for, posts_for

Kind = Receipt.Kind


class Thing:
    """What one receipt is about. `row` is None once it is erased."""

    # What a restore proves: that these are there again, and that files of before stay dead.
    of_a_restore = ()

    def __init__(self, receipt):
        self.receipt = receipt

    @cached_property
    def row(self):
        raise NotImplementedError

    @cached_property
    def is_shown(self):
        """Whether visitors may reach it now."""
        raise NotImplementedError

    # Whether it is still being brought back, so that what it answers says nothing yet.
    is_on_its_way = False

    @cached_property
    def sought(self):
        """What no list of others may hold of it; of words, the words."""
        return Sought()

    @cached_property
    def open_names(self):
        """The names of the files that it has on the media host now."""
        return set()

    def addresses(self):
        """Every Address of it."""
        return addresses.addresses_of(self.row, self.receipt.kind)

    def addresses_of_a_restore(self):
        return [one for one in self.addresses() if one.kind in self.of_a_restore]


def names_in(publications):
    return {name for names in publications.filter(state="open").values_list("names", flat=True) for name in names}


class ThePost(Thing):
    of_a_restore = ("page", "permanent link", "public rendition", "original")

    @cached_property
    def row(self):
        return self.receipt.post

    @cached_property
    def is_shown(self):
        return posts_for(AnonymousUser()).filter(pk=self.row.pk).exists() if self.row else False

    @property
    def is_on_its_way(self):
        """Its gallery and its author do not hide it any more, and the flags on it are still to follow."""
        post = self.row
        return bool(post and post.hidden_by and not (post.gallery.hides | post.author.hides))

    @cached_property
    def sought(self):
        return Sought(marks=(self.receipt.about,))

    @cached_property
    def open_names(self):
        return names_in(Publication.objects.filter(post=self.row)) if self.row else set()


class ThePhoto(ThePost):
    """One photo of a post. Its receipt of a takedown lists its files when it is written: rows name them no longer then."""

    @cached_property
    def photo(self):
        photos = Photo.objects.select_related("picture__original", "post__author", "post__gallery")
        return photos.filter(key=self.receipt.reference).first()

    @cached_property
    def row(self):
        return self.photo and self.photo.post

    @cached_property
    def is_shown(self):
        return ThePost.is_shown.func(self) and self.photo.is_showable and bool(self.open_names)

    @cached_property
    def open_names(self):
        renditions = self.photo.picture.renditions.exclude(public_name="") if self.photo else None
        return set(renditions.values_list("public_name", flat=True)) if renditions is not None else set()

    def addresses(self):
        """What can be said of it later: nothing that rows still name, but what earlier receipts asked for."""
        of_post = addresses.addresses_of(self.row)
        its = [one for one in of_post if one.role == FILE and any(name in one.url for name in self.open_names)]
        pages = [one for one in of_post if one.kind == "page"]
        return [*pages, *its, *self.former_files()]

    def addresses_of_a_restore(self):
        return self.addresses()

    def former_files(self):
        same = {"receipt__kind": Kind.PHOTO, "receipt__reference": self.receipt.reference}
        lines = ReceiptLine.objects.filter(**same, kind__in=("public rendition", "original")).exclude(
            receipt=self.receipt
        )
        found = lines.values_list("kind", "role", "url").distinct()
        return [addresses.Address(*line) for line in found]


class TheComment(Thing):
    of_a_restore = ("comment",)

    @cached_property
    def row(self):
        comments = Comment.objects.select_related("author", "post__author", "post__gallery")
        return comments.filter(key=self.receipt.reference).first()

    @cached_property
    def is_shown(self):
        comment = self.row
        stands = bool(comment and comment.is_standing and comment.author.is_member_visible)
        return stands and posts_for(AnonymousUser()).filter(pk=comment.post_id).exists()

    @cached_property
    def sought(self):
        return words(self.row.text, anchor=f"c-{self.row.key}") if self.row else Sought()


class TheGallery(Thing):
    of_a_restore = ("gallery",)

    @cached_property
    def row(self):
        return GalleryPage.objects.select_related("author").filter(pk=key_of(self.receipt)).first()

    @cached_property
    def is_shown(self):
        return bool(self.row) and galleries_for(AnonymousUser()).filter(pk=self.row.pk).exists()

    @cached_property
    def sought(self):
        return Sought(marks=(self.row.address(),)) if self.row else Sought()

    def addresses_of_a_restore(self):
        # Former usernames lead there, by a redirect that is asked for with the page itself.
        return [addresses.Address("gallery", OWN, self.row.address())]


class TheName(TheGallery):
    """The name of a gallery: whatever its author has called it since is another one."""

    @cached_property
    def is_shown(self):
        return TheGallery.is_shown.func(self) and not self.row.name_taken_down

    @cached_property
    def sought(self):
        if not self.row:
            return Sought()
        return words(self.row.name_taken_down.get("name") or self.row.title)

    def addresses_of_a_restore(self):
        return [addresses.Address("gallery", LISTS, self.row.address())]


class TheMember(Thing):
    of_a_restore = ("member's page", "profile picture")

    @cached_property
    def row(self):
        return User.objects.filter(pk=key_of(self.receipt)).first()

    @cached_property
    def is_shown(self):
        return bool(self.row) and members_for(AnonymousUser()).filter(pk=self.row.pk).exists()

    @cached_property
    def sought(self):
        return Sought(marks=(self.row.get_absolute_url(),)) if self.row else Sought()

    @cached_property
    def open_names(self):
        return names_in(Publication.objects.filter(picture__avatar__user=self.row)) if self.row else set()


class TheProfile(TheMember):
    """What a member says of themselves."""

    @cached_property
    def profile(self):
        return Profile.objects.select_related("user").filter(user=key_of(self.receipt)).first()

    @cached_property
    def is_shown(self):
        return TheMember.is_shown.func(self) and self.profile.team_state == TeamState.NONE

    @cached_property
    def sought(self):
        profile = self.profile
        return words(profile.biography, profile.pronouns, profile.link.partition("//")[2]) if profile else Sought()

    @cached_property
    def open_names(self):
        return set()

    def addresses_of_a_restore(self):
        return [addresses.Address("member's page", LISTS, self.row.get_absolute_url())]


class TheCalled(TheProfile):
    """The name of a member: whatever they have called themselves since is another one."""

    @cached_property
    def is_shown(self):
        return TheMember.is_shown.func(self) and not self.profile.name_taken_down

    @cached_property
    def sought(self):
        profile = self.profile
        return words(profile.name_taken_down.get("name") or profile.user.name) if profile else Sought()


class TheAvatar(Thing):
    of_a_restore = ("public rendition", "original")

    @cached_property
    def row(self):
        avatars = Avatar.objects.select_related("user", "picture__original")
        return avatars.filter(pk=key_of(self.receipt)).first()

    @cached_property
    def is_shown(self):
        avatar = self.row
        shown = bool(avatar and avatar.is_in_place and avatar.user.avatar_large)
        return shown and members_for(AnonymousUser()).filter(pk=avatar.user_id).exists()

    @cached_property
    def sought(self):
        if not self.row:
            return Sought()
        its = Publication.objects.filter(picture__in=[cut.picture_id for cut in thing_addresses.cuts_of(self.row)])
        return Sought(marks=tuple(f"{prefix}/" for prefix in its.values_list("prefix", flat=True)))

    @cached_property
    def open_names(self):
        return names_in(Publication.objects.filter(picture__avatar=self.row)) if self.row else set()


THINGS = {
    Kind.POST: ThePost,
    Kind.PHOTO: ThePhoto,
    Kind.COMMENT: TheComment,
    Kind.GALLERY: TheGallery,
    Kind.NAME: TheName,
    Kind.MEMBER: TheMember,
    Kind.CALLED: TheCalled,
    Kind.AVATAR: TheAvatar,
    Kind.PROFILE: TheProfile,
}


def thing_of(receipt):
    """The Thing that `receipt` is about."""
    return THINGS[receipt.kind](receipt)


def key_of(receipt):
    """The primary key in a receipt's reference; None once it is erased."""
    return int(receipt.reference) if receipt.reference.isdigit() else None
