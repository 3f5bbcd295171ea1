"""Whatever is asked of the API: no 5xx, and no answer that its own contract does not describe.

schemathesis makes the requests from the contract, to the letter of it and against it, always the same ones.
"""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pixlpix.wsgi import application

from .api_world import World

pytestmark = pytest.mark.django_db
EXAMPLES = 16  # of each operation


@pytest.fixture
def one_connection():
    """The application's requests stand in the test's own transaction, so its connection is not closed between them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_request_finds_a_breakdown_or_an_answer_off_the_contract(settings, one_connection):
    import schemathesis  # here, since it takes a second to import
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    settings.ACCOUNT_RATE_LIMITS = {}
    world = World()
    contract = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    wanted = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    found = {}
    for result in contract.get_all_operations():
        found |= fuzz(result.ok(), world, GenerationMode, wanted)
    assert len(found) >= 13
    assert [path for path, statuses in found.items() if 200 not in statuses] == []


def fuzz(operation, world, modes, checks):
    """The statuses that one operation answers, by its path; raises what a check finds."""
    known = {
        "short_id": world.post.short_id,
        "username": "ana",
        "tag": "fog",
        "slug": "water" if "prompts" in operation.path else world.gallery.gallery_slug,
    }
    there = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
    ways = [operation.as_strategy(mode) for mode in (modes.POSITIVE, modes.NEGATIVE)]
    if there:
        ways.append(operation.as_strategy(modes.POSITIVE, path_parameters=there))
    statuses = set()

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(ways))
    def ask(case):
        response = case.call()
        statuses.add(response.status_code)
        case.validate_response(response, checks=checks)

    ask()
    return {operation.path: statuses}
