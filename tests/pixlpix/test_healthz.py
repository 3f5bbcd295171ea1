"""The address by which a platform asks whether a process lives."""


def test_healthz_answers_without_the_database(client):
    """No `db` here: a query would fail this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


def test_healthz_answers_a_platform_that_knows_us_by_address_alone(client, settings):
    """Whatever else names a host that is not ours is refused."""
    settings.ALLOWED_HOSTS = ["pixlpix.example"]
    settings.SITE_URL = "https://pixlpix.example"
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^healthz$"]
    assert client.get("/healthz", headers={"host": "10.244.3.7:8080"}).status_code == 200
    assert client.get("/contact/", secure=True, headers={"host": "10.244.3.7:8080"}).status_code == 400
