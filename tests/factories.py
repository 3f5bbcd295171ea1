"""The world that tests are about, made through the same actions as the site uses."""

import hashlib
import io
import itertools

from django.contrib.auth.models import Group
from django.core.files.storage import storages
from django.utils import timezone
from PIL import Image

from community.actions.create_account import create_account
from community.actions.set_avatar import set_avatar
from community.models import Avatar, PolicyVersion
from gallery.actions.add_photo import add_photo
from gallery.actions.create_draft import create_draft
from gallery.actions.create_gallery import create_gallery
from gallery.actions.edit_post import edit_post
from gallery.actions.publish_post import publish_post
from gallery.actions.store_original import store_original
from gallery.imaging import render
from gallery.making import WAITING, add_photo_row
from gallery.models import GalleryPage, Photo
from gallery.processing import keep_renditions
from gallery.states import ProcessingState

_numbers = itertools.count(1)
# Letters for numbers: digits in usernames look like letters and would be refused as confusable.
_LETTERS = "abcdefghjk"
PASSWORD = "a long enough passphrase"


def a_picture(width=400, height=300, colour=None, format="JPEG", **save):
    """The bytes of a picture, as a file; each call another colour and so another original."""
    number = next(_numbers)
    colour = colour or (number * 37 % 256, number * 91 % 256, number * 53 % 256)
    file = io.BytesIO()
    image = Image.new("RGB", (width, height), colour)
    image.putpixel((0, 0), (number % 256, number // 256 % 256, 7))
    image.putpixel((min(1, width - 1), 0), (number // 65536 % 256, 3, number % 256))
    image.save(file, format, **save)
    file.seek(0)
    file.name = f"picture-{number}.{format.lower()}"
    return file


def a_policy(text="<p>What we keep, and why.</p>"):
    """A published policy version, the next in number."""
    number = (PolicyVersion.objects.published().count() or 0) + 1
    return PolicyVersion.objects.create(
        number=number,
        binding_number=number,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=timezone.now(),
    )


def a_member(username=None, *, verified=True, name=None, **fields):
    """A member with consent, a page and a first gallery; verified unless said otherwise."""
    number = next(_numbers)
    username = username or "member" + "".join(_LETTERS[int(digit)] for digit in str(number))
    return create_account(
        username=username,
        email=fields.pop("email", f"{username}@example.org"),
        name=name or username.capitalize(),
        password=PASSWORD,
        policy=PolicyVersion.objects.current() or a_policy(),
        confirmed_age=16,
        verified=verified,
        **fields,
    )


def a_staff_member(group, username=None):
    """A member of one of the staff groups: "Administrators", "Moderators" or "Curators"."""
    user = a_member(username)
    user.groups.add(Group.objects.get(name=group))
    return type(user).objects.get(pk=user.pk)


def a_gallery(author, name="Iceland", **fields):
    """A further gallery of `author`."""
    return create_gallery(author, name, **fields)


def first_gallery(author):
    """The gallery that came with the account."""
    return GalleryPage.objects.filter(author=author).order_by("pk").first()


def an_original(file=None, by=None):
    """An original in the vault."""
    return store_original(file or a_picture(), by=by)


def an_avatar(user=None, original=None, *, crop=(0, 0, 0)):
    """A profile picture of `user`, processed where tasks run at once, so shown."""
    user = user or a_member()
    avatar = set_avatar(user, original or an_original(by=user), crop=crop)
    return Avatar.objects.select_related("user", "picture__original").get(pk=avatar.pk)


def a_post(
    author=None, *, gallery=None, caption="First light over the ridge", alt_text="A ridge", original=None, photos=1
):
    """A post, processed where tasks run at once, so visible. `original` makes it show that one."""
    author = author or a_member()
    originals = [original] if original else [an_original(by=author) for _ in range(photos)]
    post = publish_post(
        author,
        gallery or first_gallery(author),
        [(original, alt_text) for original in originals],
        caption=caption,
    )
    return type(post).objects.select_related("author", "gallery").get(pk=post.pk)


def a_draft(author=None, *, gallery=None, caption="", photos=1):
    """A draft, with as many photos as said, processed where tasks run at once."""
    draft = create_draft(author or a_member(), gallery=gallery)
    for _number in range(photos):
        add_photo(draft, an_original(by=draft.author), by=draft.author)
    if caption:
        edit_post(draft, by=draft.author, caption=caption)
    return type(draft).objects.select_related("author", "gallery").get(pk=draft.pk)


def a_broken_picture():
    """A JPEG whose head is sound and which ends in the middle of its pixels: only decoding finds that."""
    whole = a_picture(1200, 900).read()
    return io.BytesIO(whole[: len(whole) * 2 // 3])


def a_further_photo(post, *, ready=True, replaces=None, original=None):
    """A photo that came to `post` after it was published: its renditions made where `ready`, and not shown yet."""
    original = original or an_original(by=post.author)
    position = WAITING if replaces else max(post.photos.values_list("position", flat=True), default=-1) + 1
    photo = add_photo_row(post, original, position=position, replaces=replaces)
    if ready:
        with storages["vault"].open(original.name) as file:
            keep_renditions(photo.picture, render(file))
        Photo.objects.filter(pk=photo.pk).update(state=ProcessingState.READY, retry_at=None)
        photo.refresh_from_db()
    return photo
