"""Who of the staff may do what: a table of group by act. The groups are made by a migration, nobody is a superuser."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Collection, Page, Task, Workflow
from wagtail.permissions import policy_registry

from community import permissions as people
from community.models import Announcement, DecisionTemplate, PolicyVersion, User
from gallery import permissions as things
from gallery.models import MembersPage, Picture
from home.models import HomePage, Pick
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


def predicate(question):
    return lambda user, post: question(user)


def on_page(page_class, act):
    """Whether Wagtail itself, asked about the one page of this class, allows the act."""
    return lambda user, post: getattr(page_class.objects.get().permissions_for_user(user), act)()


def on_post(act):
    return lambda user, post: getattr(post.permissions_for_user(user), act)()


def on_model(model, act):
    return lambda user, post: policy_registry.get_by_type(model).user_has_permission(user, act)


def in_library(act):
    return lambda user, post: policy_registry.get_by_type(Picture).user_has_permission(user, act)


def on_collections(act):
    return lambda user, post: policy_registry.get_by_type(Collection).user_has_permission(user, act)


# act: (question, administrators, moderators, curators). No member may do any of it.
TABLE = {
    "enter the console": (predicate(people.may_enter_console), True, True, True),
    "look at members' things": (predicate(things.may_look), True, True, False),
    "take down and restore": (predicate(things.may_take_down), True, True, False),
    "see members": (predicate(people.may_see_members), True, True, False),
    "suspend members": (predicate(people.may_suspend), True, True, False),
    "see cases": (predicate(people.may_see_cases), True, True, False),
    "handle child safety": (predicate(people.may_handle_child_safety), True, False, False),
    "read receipts": (predicate(people.may_see_receipts), True, True, False),
    "ban pictures": (predicate(things.may_ban_pictures), True, True, False),
    "erase": (predicate(things.may_erase), True, False, False),
    "see failed tasks and backups": (predicate(people.may_see_running), True, False, False),
    "choose staff": (predicate(people.may_choose_staff), True, False, False),
    "write policies": (predicate(people.may_write_policies), True, False, False),
    "add a user": (on_model(User, "add"), False, False, False),
    "delete a user": (on_model(User, "delete"), False, False, False),
    "change groups": (on_model(Group, "change"), False, False, False),
    "add a policy version": (on_model(PolicyVersion, "add"), True, False, False),
    "announce": (on_model(Announcement, "add"), True, False, True),
    "change an announcement": (on_model(Announcement, "change"), True, False, True),
    "delete an announcement": (on_model(Announcement, "delete"), True, False, True),
    "write what members are told of decisions": (on_model(DecisionTemplate, "change"), True, False, False),
    "add a pick": (on_model(Pick, "add"), True, False, True),
    "end a pick": (on_model(Pick, "change"), True, False, True),
    "write below the front page": (on_page(HomePage, "can_add_subpage"), True, False, True),
    "edit the front page": (on_page(HomePage, "can_edit"), True, False, True),
    "publish the front page": (on_page(HomePage, "can_publish"), True, False, True),
    "delete the front page": (on_page(HomePage, "can_delete"), False, False, False),
    "add an editorial image": (in_library("add"), True, False, True),
    "choose an editorial image": (in_library("choose"), True, False, True),
    "delete an editorial image": (in_library("delete"), True, False, True),
    "add a collection": (on_collections("add"), True, False, True),
    "unpublish a post": (on_post("can_unpublish"), True, True, False),
    "delete a post": (on_post("can_delete"), True, True, False),
    "copy a post": (on_post("can_copy"), False, False, False),
    "move a post": (on_post("can_move"), False, False, False),
    "publish a post": (on_post("can_publish"), False, False, False),
    "lock a post": (on_post("can_lock"), False, False, False),
    "submit a post to a workflow": (on_post("can_submit_for_moderation"), False, False, False),
    "change a site's settings": (lambda user, post: user.has_perm("wagtailcore.change_site"), True, False, False),
    "see consent records": (lambda user, post: user.has_perm("community.view_consentrecord"), True, False, False),
}


@pytest.mark.parametrize(("group", "column"), [("Administrators", 0), ("Moderators", 1), ("Curators", 2), (None, None)])
def test_each_group_may_do_what_it_needs_and_nothing_else(group, column):
    user = a_staff_member(group) if group else a_member()
    post = a_post()
    expected = {act: answers[column] if group else False for act, (_question, *answers) in TABLE.items()}
    found = {act: bool(question(user, post)) for act, (question, *_answers) in TABLE.items()}
    assert found == expected


def test_the_groups_are_the_three_of_ours_and_wagtails_editors_are_gone():
    assert set(Group.objects.values_list("name", flat=True)) == {"Administrators", "Moderators", "Curators"}


def test_no_group_has_a_right_on_the_root_of_the_tree():
    """Wagtail's own Moderators and Editors come with rights on the root, which reach members' pages too."""
    root = Page.objects.get(depth=1)
    assert not root.group_permissions.exists()


def test_wagtails_own_workflow_that_publishes_on_approval_is_gone():
    assert not Workflow.objects.exists()
    assert not Task.objects.exists()


@pytest.mark.parametrize("group", ["Administrators", "Moderators", "Curators"])
def test_staff_are_never_superusers(group):
    assert not a_staff_member(group).is_superuser


def test_curators_have_no_right_on_the_members_page():
    curator = a_staff_member("Curators")
    perms = MembersPage.objects.get().permissions_for_user(curator)
    acts = ["can_edit", "can_publish", "can_unpublish", "can_delete", "can_move", "can_copy", "can_reorder_children"]
    assert [act for act in acts if getattr(perms, act)()] == []
