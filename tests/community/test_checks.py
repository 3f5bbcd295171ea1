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


def test_production_without_a_second_factor_for_staff_is_an_error(settings):
    def errors():
        return [error.id for error in run_checks(tags=[Tags.security], include_deployment_checks=True)]

    settings.STAFF_TWO_FACTOR = False
    assert "community.E004" in errors()
    settings.STAFF_TWO_FACTOR = True
    assert "community.E004" not in errors()
