"""Checks on the data: `manage.py check --database default`."""

import pytest
from django.core.checks import Tags, run_checks

from community.models import ConsentRecord
from tests.factories import a_member

pytestmark = pytest.mark.django_db


def errors():
    return [error.id for error in run_checks(tags=[Tags.database], databases=["default"])]


def test_check_fails_on_a_user_without_a_consent_record():
    ConsentRecord.objects.filter(user=a_member()).delete()
    assert "community.E001" in errors()


def test_check_is_silent_where_everybody_accepted():
    a_member()
    assert "community.E001" not in errors()
