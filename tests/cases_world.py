"""Reports and cases, made through the same actions as the site uses."""

from community.actions.file_report import file_report
from community.models import Case, Comment
from gallery.models import PostPage
from tests.factories import a_member, a_post


def a_comment_on(post, author=None, text="A very rude remark"):
    """A comment as it stands, whoever may comment."""
    return Comment.objects.create(post=post, author=author or a_member(), text=text)


def kind_of(thing):
    """The Case.Kind that a report on `thing` has."""
    if isinstance(thing, PostPage):
        return Case.Kind.POST
    return Case.Kind.COMMENT if isinstance(thing, Comment) else Case.Kind.PROFILE


def a_report(thing=None, *, by=None, email="", category="spam", text="Look at this.", details=None):
    """A report on a post, comment or member: by a new member, by `by`, or by the visitor with `email`."""
    thing = thing or a_post()
    reporter = by or (None if email else a_member())
    return file_report(
        kind_of(thing), thing, category=category, text=text, reporter=reporter, email=email, details=details
    )


def a_case(thing=None, *, category="spam", reports=1, **fields):
    """The open case that so many reports on `thing` gather in; `fields` as they are to be set on its row."""
    thing = thing or a_post()
    for _number in range(reports):
        case = a_report(thing, category=category).case
    Case.objects.filter(pk=case.pk).update(**fields)
    return Case.objects.select_related("post__author", "post__gallery", "comment__post", "member").get(pk=case.pk)
