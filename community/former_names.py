"""Names that members had: addresses with one of them lead to the present ones.

By what a name looks like at a glance (its skeleton), as names are taken: also a spelling of one's own is found again.
"""

from django.http import Http404
from django.urls import reverse

from gallery.models import FormerAddress, GalleryPage

from .models import TakenName
from .names import skeleton
from .visibility import galleries_for, members_for


def holder_of(username, viewer):
    """The member who had `username` and goes by another now, where `viewer` may see them; or None. One query."""
    found = members_for(viewer).filter(names__skeleton=skeleton(username)).exclude(username=username.lower())
    return found.only("username").first()


def was_theirs(username, user):
    """Whether `user` has or had `username`. One query, none for the present name."""
    return username == user.username or TakenName.objects.filter(skeleton=skeleton(username), user=user).exists()


def former_names(user):
    """The names that `user` had."""
    return list(TakenName.objects.filter(user=user).exclude(username=user.username).values_list("username", flat=True))


def was_in_gallery(post, gallery_slug):
    """Whether `post` is or was in its author's gallery at that address, whatever they were called then."""
    if post.gallery.gallery_slug == gallery_slug:
        return True
    ending = f"/{gallery_slug}/{post.short_id}"
    paths = FormerAddress.objects.filter(post=post).values_list("path", flat=True)
    return any(path.endswith(ending) for path in paths)


def present_member_address(username, viewer):
    """Where /members/<former name>/ leads. Raises Http404."""
    holder = holder_of(username, viewer)
    if holder is None:
        raise Http404
    return reverse("member", args=[holder.username])


def present_gallery_address(username, gallery_slug, viewer):
    """Where /members/<former name>/<gallery>/ leads, if `viewer` may open that gallery. Raises Http404."""
    holder = holder_of(username, viewer)
    if holder is None:
        raise Http404
    own = GalleryPage.objects.open().filter(author=holder) if holder.pk == viewer.pk else galleries_for(viewer)
    gallery = own.filter(author=holder, gallery_slug=gallery_slug).exists()
    if not gallery:
        raise Http404
    return reverse("gallery", args=[holder.username, gallery_slug])


def addresses_under_former_names(post):
    """Every address that `post` can have had below a former name of its author."""
    slugs = {post.gallery.gallery_slug}
    slugs |= {path.split("/")[1] for path in post.former_addresses.values_list("path", flat=True)}
    for name in former_names(post.author):
        for slug in sorted(slugs):
            yield reverse("post", args=[name, slug, post.short_id])
