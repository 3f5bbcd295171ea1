"""The address by which a platform asks whether a process lives."""


def test_healthz_answers_without_the_database(client):
    """No `db` here: a query would fail this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"
