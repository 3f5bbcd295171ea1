"""Enter a post in a prompt, and take it back, while the prompt runs."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.permissions import is_author

from ..avatars import lock_member
from ..models import PromptEntry, PromptPage
from ..permissions import may_take_part
from ..visibility import posts_for


def enter_prompt(prompt, post, *, by):
    """Enter `post`, which everyone can see, in `prompt`, by its author; returns the PromptEntry. Done twice, it is one.

    Narrowed or deleted later, it is not shown there; seen again, it is. Raises PermissionDenied for others' posts, or
    ValidationError where the prompt does not run, the post is not public, or PROMPT_ENTRIES are entered already.
    """
    if not may_take_part(by) or not is_author(by, post):
        raise PermissionDenied(_("Only a post's author enters it in a prompt."))
    with transaction.atomic():
        lock_member(by)  # of two entries at once the second sees the first
        check_running(prompt)
        if not posts_for(by).discoverable().filter(pk=post.pk).exists():
            raise ValidationError(_("Only a post that everyone can see enters a prompt."))
        entries = PromptEntry.objects.filter(prompt=prompt, post__author=by)
        if found := entries.filter(post=post).first():
            return found
        if entries.count() >= settings.PROMPT_ENTRIES:
            most = settings.PROMPT_ENTRIES
            raise ValidationError(_("You can enter up to %(most)s posts. Take one back first.") % {"most": most})
        entry = PromptEntry.objects.create(prompt=prompt, post=post)
        write_down(post, "post.entered_prompt", by=by, prompt=prompt.slug)
    return entry


def withdraw_entry(prompt, post, *, by):
    """Take `post` out of `prompt`, by its author, while it runs; returns whether it was there. Raises as `enter_prompt`."""
    if not is_author(by, post):
        raise PermissionDenied(_("Only a post's author takes it out of a prompt."))
    with transaction.atomic():
        check_running(prompt)
        gone, _rows = PromptEntry.objects.filter(prompt=prompt, post=post).delete()
        if gone:
            write_down(post, "post.left_prompt", by=by, prompt=prompt.slug)
    return bool(gone)


def check_running(prompt):
    if not PromptPage.objects.running().filter(pk=prompt.pk).exists():
        raise ValidationError(_("This prompt does not run now."))
