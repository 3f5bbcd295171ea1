"""What follows from a member's standing: flags on their posts, and whether their pages are live.

The member's own row is committed first, and `posts_for` tests it: nothing is in reach while this runs.
"""

from gallery.flags import follow, follow_one
from gallery.models import GalleryPage, MemberPage, PostPage

INLINE = 20  # posts that follow before the answer returns; the rest as a task


def bring_pages_in_step(user):
    """Derive Wagtail's `live` of the member's page and galleries anew."""
    for page in (*MemberPage.objects.filter(user=user), *GalleryPage.objects.filter(author=user)):
        if isinstance(page, MemberPage):
            page.user = user
        else:
            page.author = user
        page.save(update_fields=["live"])


def bring_posts_in_step(user, *, most=None):
    """Copy the member's standing to up to `most` posts (all, where None): flag, `live`, files on the media host."""
    if most is None:
        return follow(PostPage.objects.of(user))
    newest = PostPage.objects.of(user).order_by("-published_at", "-pk").values_list("pk", flat=True)[:most]
    return sum(follow_one(PostPage(pk=pk)) for pk in list(newest))
