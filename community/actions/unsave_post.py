"""Take a post out of one's lists, also one that can no longer be seen."""

from ..models import Save


def unsave_post(post, *, by, save_list=None):
    """Take `post` out of `save_list`, or out of all lists of the member's; True where it was in one."""
    saves = Save.objects.filter(post=post, list__user=by)
    if save_list is not None:
        saves = saves.filter(list=save_list)
    return bool(saves.delete()[0])
