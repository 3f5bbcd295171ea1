"""Background work on people. Tasks get a key and re-derive what is to be done; running one twice changes nothing."""

from functools import partial

from django_tasks import task

from gallery import processing

from .models import Avatar, User
from .squares import render_avatar


@task()
def follow_member(user_id):
    """Copy a member's standing to everything of theirs: picture, posts, files on the media host, galleries, their page."""
    from .avatars import bring_avatar_in_step
    from .standing import bring_pages_in_step, bring_posts_in_step

    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        bring_avatar_in_step(user)
        bring_posts_in_step(user)
        bring_pages_in_step(user)


@task()
def rename_pages(user_id):
    """Bring the page tree in step with a member's username: their page's slug, and `url_path` of what is below.

    Nothing of ours reads either; Wagtail's own lists do. What is lost is found again by the sweeper.
    """
    from gallery.models import MemberPage

    page = MemberPage.objects.select_related("user").filter(user=user_id).first()
    if page is not None and page.slug != page.user.username:
        page.slug = page.user.username
        page.save(update_fields=["slug", "url_path"])


@task()
def follow_privacy(user_id):
    """Carry out what is left of a member's wishes about older posts and waiting requests."""
    from .privacy import accept_waiting, narrow_older

    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        narrow_older(user)
        accept_waiting(user)


@task()
def process_avatar(avatar_id):
    """Make the renditions of one profile picture, look whether it may be shown, and give it its place."""
    from .avatar_bans import look_and_show

    avatar = Avatar.objects.select_related("picture__original", "user").filter(pk=avatar_id).first()
    if avatar is not None:
        crop = (avatar.crop_left, avatar.crop_top, avatar.crop_side)
        processing.process(avatar, partial(render_avatar, crop=crop), then=look_and_show)


@task()
def mail_what_is_due():
    """Mail notifications whose time has come; what one run leaves, the sweeper queues again."""
    from .actions.mail_notifications import mail_notifications

    mail_notifications()


@task()
def mail_reports():
    """Write to visitors who reported something; what one run leaves, the sweeper queues again."""
    from .answering import mail_due_reports

    mail_due_reports()


@task()
def write_post_receipts(receipt_id):
    """Write the receipts of the next posts of a member or a gallery, of which this is the receipt."""
    from .actions.write_receipt import write_for_posts

    write_for_posts(receipt_id)


@task()
def check_receipt(receipt_id):
    """Ask for the addresses of a receipt that are not proven yet."""
    from .receipts import check

    check(receipt_id)


@task()
def go_on_with_takedown(job_id):
    """Take the next posts of a member down, or bring them back; then the next task."""
    from .bulk_takedowns import go_on

    if go_on(job_id):
        go_on_with_takedown.enqueue(job_id)


@task()
def find_look_alikes_of_cases():
    """Find posts that look like what cases are about; what one reading leaves, the next takes."""
    from .look_alikes import look_for_cases

    if look_for_cases():
        find_look_alikes_of_cases.enqueue()


processing.register("avatars", Avatar, process_avatar)


@task()
def make_export(export_id):
    """Make the file of one export."""
    from . import exports

    exports.make(export_id)
