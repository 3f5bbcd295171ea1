"""No address of a visitor and no name of a browser is kept, in any table or cache key."""

import re

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from community.adapter import AccountAdapter
from tests.community.joining import follow_link_in_mail, join, sign_in
from tests.factories import PASSWORD, a_member

pytestmark = pytest.mark.django_db

ADDRESS, BROWSER = "203.0.113.77", "Netscape Navigator 4.04 (Amiga)"


@pytest.fixture
def visitor():
    return Client(REMOTE_ADDR=ADDRESS, headers={"User-Agent": BROWSER})


def everything_in_the_database():
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            for row in model._base_manager.values():
                yield model, " ".join(map(str, row.values()))
    from django.contrib.sessions.models import Session

    for session in Session.objects.all():
        yield Session, str(session.get_decoded())


def keys_in_the_cache():
    return list(cache._cache)


def test_no_table_holds_address_or_browser_after_joining_and_signing_in(visitor):
    join(visitor)
    follow_link_in_mail(visitor)
    visitor.post("/accounts/logout/")
    sign_in(visitor, "ana", "wrong")
    sign_in(visitor, "ana")
    visitor.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "another long phrase", "password2": ""}
    )
    rows = list(everything_in_the_database())
    assert len(rows) > 20
    for model, row in rows:
        assert ADDRESS not in row and "Netscape" not in row, model


def test_limits_count_by_a_hash_and_not_by_the_address(visitor):
    """allauth would put the plain address into the key."""
    a_member("ana")
    sign_in(visitor, "ana", "wrong")
    keys = keys_in_the_cache()
    assert any("rl:allauth.account:login" in key for key in keys)
    assert not any(ADDRESS in key for key in keys)


def test_no_value_in_the_cache_holds_the_address(visitor):
    sign_in(visitor, "ana", "wrong")
    assert not any(ADDRESS.encode() in bytes(value) for value in cache._cache.values())


def hash_for(rf, address, **more):
    return AccountAdapter().get_client_ip(rf.get("/", REMOTE_ADDR=address, **more))


def test_hash_is_the_same_for_one_address_and_another_for_another(rf):
    assert hash_for(rf, ADDRESS) == hash_for(rf, ADDRESS) != hash_for(rf, "203.0.113.78")
    assert re.fullmatch("[0-9a-f]{64}", hash_for(rf, ADDRESS))


def test_hash_changes_once_the_key_of_the_day_is_gone(rf):
    before = hash_for(rf, ADDRESS)
    cache.clear()
    assert hash_for(rf, ADDRESS) != before


def test_one_who_hops_between_addresses_of_one_network_counts_once(rf):
    assert hash_for(rf, "2001:db8:1:2::1") == hash_for(rf, "2001:db8:1:2:ffff::9") != hash_for(rf, "2001:db8:1:3::1")


def test_header_of_a_stranger_is_not_believed(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert hash_for(rf, ADDRESS, HTTP_X_FORWARDED_FOR="198.51.100.1") == hash_for(rf, ADDRESS)


def test_behind_one_proxy_the_address_that_it_saw_counts(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forwarded = hash_for(rf, "10.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.1, {ADDRESS}")
    assert forwarded == hash_for(rf, ADDRESS)


def test_mail_about_a_changed_password_names_neither(visitor, mailoutbox):
    a_member("ana")
    sign_in(visitor, "ana")
    visitor.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long phrase", "password2": "another long phrase"},
    )
    text = mailoutbox[-1].body
    assert "password of @ana" in text and ADDRESS not in text and "Netscape" not in text


def test_how_many_proxies_are_believed_is_set_and_none_is_on_a_local_run(settings):
    """Unset, allauth would refuse, or believe whatever a stranger's header says."""
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
