"""What staff may do is read in one query, and is what Django and Wagtail would have read themselves."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.backends import ModelBackend
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from community.backend import MemberBackend
from community.mfa import is_protected
from community.models import User
from gallery.models import MembersPage, Picture
from home.models import HomePage
from tests.factories import a_member, a_staff_member

pytestmark = pytest.mark.django_db

GROUPS = ["Administrators", "Moderators", "Curators"]
ON_PLACES = [PagePermissionPolicy(), policy_registry.get_by_type(Picture)]


def signed_in(user):
    return MemberBackend().get_user(user.pk)


def given(rights):
    """Rights on places as plain values: what Wagtail reads of each."""
    found = set()
    for right in rights:
        place = right.page if hasattr(right, "page") else right.collection
        found.add((right.pk, right.permission.codename, place.pk, place.path, place.depth))
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_a_page_of_staff_asks_for_all_rights_once(group, django_assert_num_queries):
    person = signed_in(a_staff_member(group))
    with django_assert_num_queries(1):
        assert person.has_perm("wagtailadmin.access_admin")
        for policy in ON_PLACES:
            list(policy.get_cached_permissions_for_user(person))
        assert not is_protected(person)


@pytest.mark.parametrize("group", GROUPS)
def test_rights_are_those_that_django_and_wagtail_read(group):
    staff = a_staff_member(group)
    person = signed_in(staff)
    assert person.get_all_permissions() == ModelBackend().get_group_permissions(User.objects.get(pk=staff.pk))
    assert person.has_perm("community.view_case") == (group != "Curators")
    for policy in ON_PLACES:
        expected = given(policy.get_all_permissions_for_user(User.objects.get(pk=staff.pk)))
        assert given(policy.get_cached_permissions_for_user(person)) == expected


def test_somebody_in_two_groups_has_the_rights_of_both():
    both = a_staff_member("Moderators")
    both.groups.add(*a_staff_member("Curators").groups.all())
    person = signed_in(both)
    assert person.has_perm("community.view_case") and person.has_perm("home.add_pick")
    policy = policy_registry.get_by_type(Page)
    assert policy.user_has_permission_for_instance(person, "change", HomePage.objects.get())
    assert policy.explorable_root_instance(person).pk == HomePage.objects.get().pk


@pytest.mark.parametrize(("group", "root"), [("Moderators", MembersPage), ("Curators", HomePage)])
def test_the_page_where_the_explorer_begins_takes_no_query(group, root, django_assert_num_queries):
    person, begins = signed_in(a_staff_member(group)), root.objects.get().pk
    assert person.get_all_permissions()
    with django_assert_num_queries(0):
        assert policy_registry.get_by_type(Page).explorable_root_instance(person).pk == begins


@pytest.mark.parametrize(("kind", "protected"), [("totp", True), ("webauthn", True), ("recovery_codes", False)])
def test_a_second_factor_is_found_along_with_the_rights(kind, protected, django_assert_num_queries):
    staff = a_staff_member("Moderators")
    Authenticator.objects.create(user=staff, type=kind, data={})
    person = signed_in(staff)
    assert person.get_all_permissions()
    with django_assert_num_queries(0):
        assert is_protected(person) == protected
    assert is_protected(User.objects.get(pk=staff.pk)) == protected


def test_the_second_factor_of_somebody_else_protects_nobody():
    Authenticator.objects.create(user=a_member(), type="totp", data={})
    person = signed_in(a_staff_member("Moderators"))
    assert person.get_all_permissions() and not is_protected(person)


def test_a_member_and_whoever_is_locked_may_nothing():
    locked = a_staff_member("Administrators")
    User.objects.filter(pk=locked.pk).update(is_active=False)
    assert signed_in(locked) is None
    assert User.objects.get(pk=locked.pk).get_all_permissions() == set()
    assert signed_in(a_member()).get_all_permissions() == set()
