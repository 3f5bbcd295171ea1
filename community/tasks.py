"""Background work on people. Tasks get a key and re-derive what is to be done; running one twice changes nothing."""

from django_tasks import task

from .models import User


@task()
def follow_member(user_id):
    """Copy a member's standing to everything of theirs: posts, their files on the media host, galleries, their page."""
    from .standing import bring_pages_in_step, bring_posts_in_step

    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        bring_posts_in_step(user)
        bring_pages_in_step(user)
