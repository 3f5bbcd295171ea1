"""Fill an empty database with the demo, through the same actions as the site uses.

A fill that was interrupted goes on where it stopped: each step first looks whether its row is there. What tells "half
filled by us" from "in use" is a pair of rows in the log of members' acts, the first written together with the first
account, the last when all is done; so a database in which people did things is never touched.
"""

import io
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

from community.actions.create_account import create_account
from community.actions.set_avatar import set_avatar
from community.models import Avatar, PolicyVersion, User
from community.tasks import process_avatar
from gallery.actions.create_gallery import create_gallery
from gallery.actions.edit_gallery import edit_gallery
from gallery.actions.publish_post import publish_post
from gallery.actions.store_original import store_original
from gallery.acts import write_down
from gallery.models import GalleryPage, MemberAct, PostPage
from gallery.tasks import process_photo
from home.models import Pick

from . import processes as workers
from .art import draw
from .company import keep_company
from .content import FIRST_GALLERY, SPREAD

PASSWORD = "pixlpix demo"  # noqa: S105 (printed for everyone to use; refused outside DEBUG)
JPEG_QUALITY = 88
FACE = 400  # pixels, the side of a drawn profile picture
BEGUN, FILLED = "demo.begun", "demo.filled"


class Found(Enum):
    """What a database holds, as the fill sees it."""

    EMPTY = "empty"
    HALF_FILLED = "half filled"
    FILLED = "filled"
    IN_USE = "in use"


def look():
    """What the database holds: nothing, a fill that was interrupted, the whole demo, or somebody's own things."""
    acts = set(MemberAct.objects.filter(act__in=[BEGUN, FILLED]).values_list("act", flat=True))
    if FILLED in acts:
        return Found.FILLED
    if BEGUN in acts:
        return Found.HALF_FILLED
    return Found.IN_USE if User.objects.exists() else Found.EMPTY


def fill(content, *, processes=1, report=lambda text: None):
    """Make the people, galleries, posts and picks of `content` that are not there yet; returns how many posts it made.

    `processes` draw and publish at once. `report` is called with a line of progress. The database must be EMPTY or
    HALF_FILLED (see `look`).
    """
    now = timezone.now()
    people = {}
    for person in content.people:
        people[person.username] = make_person(person, now, begin=look() is Found.EMPTY)
        give_face(people[person.username], person.face)
    galleries = {
        (person.username, gallery.name): make_gallery(people[person.username], gallery)
        for person in content.people
        for gallery in person.galleries
    }
    jobs = [(post, galleries[post.author, post.gallery].pk, now) for post in content.posts]
    made = 0
    for number, was_made in enumerate(workers.run(publish, jobs, processes), start=1):
        made += was_made
        if number % 20 == 0 or number == len(jobs):
            report(f"{number} of {len(jobs)} posts")
    keep_company(content, people)
    with transaction.atomic():
        make_picks(content, people)
        write_down(people[content.curator], FILLED, by=people[content.curator])
    return made


def make_person(person, now, *, begin=False):
    """The account of `person`, verified, with consent recorded, joined before their first post; made if it is not there.

    With `begin`, the log says from the same commit on that a fill has begun.
    """
    user = User.objects.filter(username=person.username).first()
    if user is None:
        with transaction.atomic():
            user = create_account(
                username=person.username,
                email=person.email,
                name=person.name,
                password=PASSWORD,
                policy=PolicyVersion.objects.current(),
                confirmed_age=settings.MINIMUM_AGE,
                verified=True,
            )
            if begin:
                write_down(user, BEGUN, by=user)
            User.objects.filter(pk=user.pk).update(date_joined=now - SPREAD - timedelta(days=user.pk % 40 + 1))
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    return user


def give_face(user, face):
    """The profile picture of `user`, by kind and seed, with its renditions; made if they have none, and none is ready."""
    avatar = Avatar.objects.current().filter(user=user).first()
    if face and avatar is None:
        kind, seed = face.split()
        avatar = set_avatar(user, store_original(as_jpeg(draw(kind, int(seed), FACE, FACE)), by=user))
    if avatar is not None:
        process_avatar.func(avatar.pk)


def make_gallery(user, gallery):
    """The gallery of `user` that `gallery` (a DemoGallery) names, described; made if it is not there."""
    page = GalleryPage.objects.filter(author=user, title=gallery.name).first()
    if page is None and gallery.name != FIRST_GALLERY:
        return create_gallery(user, gallery.name, description=gallery.description)
    if page is None:
        page = GalleryPage.objects.filter(author=user).earliest("pk")
    if page.title != gallery.name or page.description != gallery.description:
        return edit_gallery(page, by=user, name=gallery.name, description=gallery.description)
    return page


def publish(post, gallery_id, now):
    """Draw, store and publish one post (a DemoPost) and make its renditions; False if it was there and ready already.

    `now` is what the post's age counts from. Runs in a process of its own.
    """
    gallery = GalleryPage.objects.select_related("author").get(pk=gallery_id)
    page = PostPage.objects.filter(gallery=gallery, caption=post.caption).first()
    if page is not None and page.photos_ready:
        return False
    if page is None:
        photos = [
            (store_original(encoded(picture, post.camera), by=gallery.author), picture.alt_text)
            for picture in post.pictures
        ]
        with transaction.atomic():
            page = publish_post(
                gallery.author,
                gallery,
                photos,
                caption=post.caption,
                sensitive=bool(post.sensitive),
                sensitive_reason=post.sensitive,
                allow_download=post.allow_download,
                show_camera=bool(post.camera),
            )
            # The date is set before the post becomes visible, as it must be: once visible, it never moves.
            published_at = now - post.age
            PostPage.objects.filter(pk=page.pk, photos_ready=False).update(
                created_at=published_at, published_at=published_at
            )
    # The task that the action queued would do this as well; done here, all is ready when the fill ends.
    for photo_id in page.photos.values_list("pk", flat=True):
        process_photo.func(photo_id)
    return True


def encoded(picture, camera):
    """`picture` (a DemoPicture) as a JPEG file whose EXIF says `camera`, as content.toml describes one."""
    drawn = draw(picture.kind, picture.seed, picture.width, picture.height)
    return as_jpeg(drawn, exif=exif_of(camera))


def as_jpeg(drawn, **options):
    file = io.BytesIO()
    drawn.save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0, **options)
    file.seek(0)
    return file


def exif_of(camera):
    """The EXIF that a camera would write, as bytes; none for none."""
    exif = Image.Exif()
    if camera:
        exif.update({Base.Make: camera["make"], Base.Model: camera["model"]})
        exif.get_ifd(IFD.Exif).update(
            {
                Base.ExposureTime: IFDRational(*camera["seconds"]),
                Base.FNumber: camera["aperture"],
                Base.ISOSpeedRatings: camera["iso"],
                Base.FocalLength: camera["length"],
                Base.LensModel: camera["lens"],
            }
        )
    return exif.tobytes()


def make_picks(content, people):
    """The curator's picks on the front page, in their order, if there are none yet."""
    by_picture = {post.picture: post for post in content.posts}
    for position, picture in enumerate(content.picks):
        post = by_picture[picture]
        page = PostPage.objects.get(author=people[post.author], caption=post.caption, gallery__title=post.gallery)
        Pick.objects.get_or_create(post=page, defaults={"curator": people[content.curator], "position": position})
