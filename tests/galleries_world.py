"""Makers for tests of shared galleries and prompts."""

from datetime import timedelta

from django.utils import timezone

from community.actions.answer_gallery_invitation import join_gallery
from community.actions.enter_prompt import enter_prompt
from community.actions.gallery_entries import add_to_gallery
from community.actions.invite_contributor import invite_contributor
from community.models import PromptPage, PromptsPage
from tests import factories as f


def a_contributor(gallery, username=None):
    """A member who contributes to `gallery`."""
    user = f.a_member(username)
    invite_contributor(gallery, user, by=gallery.author)
    join_gallery(gallery, by=user)
    return user


def an_entry(gallery, contributor, **fields):
    """A post of a contributor's that stands in `gallery`."""
    post = f.a_post(contributor, original=f.an_original(by=contributor), **fields)
    add_to_gallery(post, gallery, by=contributor)
    return post


def a_prompt(title="Doors", *, days=(-1, 1), **fields):
    """A published prompt; `days` from now on which it starts and ends."""
    start, end = (timezone.now() + timedelta(days=day) for day in days)
    page = PromptPage(title=title, starts_at=start, ends_at=end, **fields)
    PromptsPage.objects.get().add_child(instance=page)
    return page


def an_over_prompt(*posts, title="Doors"):
    """A prompt that is over, in which these posts were entered, in this order."""
    page = a_prompt(title)
    for post in posts:
        enter_prompt(page, post, by=post.author)
    PromptPage.objects.filter(pk=page.pk).update(
        starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=1)
    )
    return PromptPage.objects.get(pk=page.pk)
