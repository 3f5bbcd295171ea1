"""The API: what it shows and never shows, how it is read page by page, and what holds for every answer."""

import json
import re

import pytest
from django.core.cache import cache

from gallery.states import Visibility
from tests.factories import a_gallery, a_member, a_post, an_original
from tests.search.world import tagged

from .api_world import SECRET, World

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def world():
    return World()


def get(client, path, **headers):
    response = client.get(f"{API}{path}", headers=headers)
    return response, response.json() if response.content else None


def items(client, path):
    response, body = get(client, path)
    assert response.status_code == 200, body
    return [item.get("id") or item.get("slug") or item.get("username") for item in body["items"]]


def operations(client):
    return client.get(f"{API}/openapi.json").json()["paths"]


class TestWhatItShows:
    def test_a_post_with_its_author_gallery_licence_and_photos(self, client, world):
        post = world.post
        type(post).objects.filter(pk=post.pk).update(licence="by-sa", show_camera=True)
        _response, body = get(client, f"/posts/{post.short_id}")
        assert (body["id"], body["caption"], body["hashtags"]) == (post.short_id, "Boats in #fog", ["fog"])
        assert body["url"].endswith(post.address()) and body["url"].startswith("http")
        assert body["licence"] == {"id": "by-sa", "url": "https://creativecommons.org/licenses/by-sa/4.0/"}
        assert (body["author"]["username"], body["gallery"]["name"]) == ("ana", "Iceland")
        (photo,) = body["photos"]
        assert photo["alt"] == "A ridge" and not photo["blurred"]
        assert [size["type"] for size in photo["sizes"]] == ["image/webp"] * len(photo["sizes"]) != []
        assert photo["preview"]["type"] == "image/jpeg"

    def test_a_sensitive_post_blurred_and_without_words_of_its_picture(self, client, world):
        _response, body = get(client, f"/posts/{world.sensitive.short_id}")
        (photo,) = body["photos"]
        assert (body["sensitive"], body["sensitive_reason"], photo["blurred"], photo["alt"]) == (
            True,
            "Wrecks",
            True,
            "",
        )
        assert len(photo["sizes"]) == 1 and photo["sizes"][0]["url"] == photo["preview"]["url"]

    @pytest.mark.parametrize(
        ("path", "found"),
        [
            ("/posts", ["sensitive", "second", "post"]),
            ("/members/ana/posts", ["sensitive", "second", "post"]),
            ("/members/ANA/posts", ["sensitive", "second", "post"]),
            ("/galleries/ana/iceland/posts", ["post"]),
            ("/tags/FOG/posts", ["post"]),
            ("/tags/nothing/posts", []),
            ("/prompts/water/posts", ["post"]),
            ("/search?q=boats", ["sensitive", "second", "post"]),
            ("/search?q=zzz", []),
        ],
    )
    def test_lists_of_posts(self, client, world, path, found):
        assert items(client, path) == [getattr(world, name).short_id for name in found]

    def test_members_galleries_and_prompts(self, client, world):
        assert items(client, "/members") == ["ana"]
        assert "iceland" in items(client, "/members/ana/galleries")
        assert items(client, "/prompts") == ["water"]
        assert get(client, "/members/ana")[1]["name"] == "Ana"
        assert get(client, "/galleries/ana/iceland")[1]["description"] == "Cold."
        assert get(client, "/prompts/water")[1]["text"] == "Show water ."


class TestWhatItNeverShows:
    def test_what_is_not_for_visitors_stands_in_no_answer(self, client, world):
        for path in operations(client):
            text = client.get(world.address(path)).content.decode()
            assert SECRET not in text.lower(), path
            keys = set(re.findall(r'"(\w+)":', text))
            assert not keys & {"pk", "email", "password", "tokens", "standing", "original", "is_private"}, path
            assert "@example" not in text and "/private/" not in text, path

    def test_posts_for_people_with_the_link_and_for_followers_are_not_there(self, client, world):
        for visibility in (Visibility.UNLISTED, Visibility.FOLLOWERS):
            assert get(client, f"/posts/{world.hidden[visibility].short_id}")[0].status_code == 404

    def test_what_was_removed_is_gone_and_what_never_was_is_not_found(self, client, world):
        assert get(client, f"/posts/{world.withdrawn.short_id}")[0].status_code == 410
        for path in (
            "/posts/nothing", f"/members/{SECRET}", "/galleries/ana/none", "/prompts/none", "/nothing", "/", "/posts/"
        ):  # fmt: skip
            response, body = get(client, path)
            assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json"), path
            assert body["status"] == 404

    def test_a_signed_in_member_is_nobody_here(self, client, world):
        client.force_login(world.ana)
        response, body = get(client, "/members/ana/posts")
        assert [item["id"] for item in body["items"]] == items(client, "/posts")
        assert not response.cookies and not response.has_header("Vary")


class TestPages:
    @pytest.mark.parametrize("path", ["/posts", "/members/ana/posts", "/search?q=boats", "/tags/fog/posts", "/members"])
    def test_lead_to_everything_once(self, client, world, path):
        a_member("zoe")
        tagged(a_post(world.ana, caption="Boats #fog", original=world.post.photos.get().picture.original), "fog")
        whole, seen, cursor = items(client, path), [], ""
        for _page in whole:
            _response, body = get(client, f"{path}{'&' if '?' in path else '?'}limit=1&after={cursor}")
            seen += [item.get("id") or item["username"] for item in body["items"]]
            cursor = body["next"]
        assert (seen, cursor) == (whole, None)

    @pytest.mark.parametrize("cursor", ["x", "WzEsMl0", "WyJcdWQ4MDAiLCJhIl0", "%00"])
    def test_a_mangled_cursor_shows_the_first_page(self, client, world, cursor):
        assert items(client, f"/posts?after={cursor}") == items(client, "/posts")

    @pytest.mark.parametrize("query", ["limit=0", "limit=51", "limit=x", "limit=-1"])
    def test_a_page_has_1_to_50_items(self, client, query):
        response, body = get(client, f"/posts?{query}")
        assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
        assert body["errors"][0]["where"] == ["query", "limit"]


class TestEveryAnswer:
    def test_is_for_every_site_and_every_cache_for_a_minute(self, client, world):
        for path in operations(client):
            response = client.get(world.address(path))
            assert response.status_code == 200, path
            assert response["Cache-Control"] == "public, max-age=60"
            assert response["Access-Control-Allow-Origin"] == "*"

    def test_is_not_sent_again_to_who_has_it(self, client, world):
        response, _body = get(client, "/posts")
        again = client.get(f"{API}/posts", headers={"If-None-Match": f'"other", W/{response["ETag"]}'})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])
        a_post(world.ana, original=world.post.photos.get().picture.original)
        assert get(client, "/posts", **{"If-None-Match": response["ETag"]})[0].status_code == 200

    def test_is_told_without_its_content_to_head(self, client, world):
        head, whole = client.head(f"{API}/posts"), client.get(f"{API}/posts")
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_refuses_to_write(self, client, method):
        response = getattr(client, method)(f"{API}/posts")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert response.json()["status"] == 405

    def test_tells_other_sites_what_they_may(self, client):
        response = client.options(f"{API}/posts")
        assert response.status_code == 204
        assert "If-None-Match" in response["Access-Control-Allow-Headers"]

    def test_is_a_problem_where_there_were_too_many(self, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {"api": "2/m/ip"}
        responses = [client.get(f"{API}/posts") for _ in range(3)]
        assert [response.status_code for response in responses] == [200, 200, 429]
        assert responses[2]["Retry-After"] == "60"
        assert responses[2]["Content-Type"] == "application/problem+json"

    def test_is_a_problem_where_something_broke(self, client, monkeypatch):
        client.raise_request_exception = False
        monkeypatch.setattr("pixlpix.api.operations.discoverable", lambda: 1 / 0)
        response = client.get(f"{API}/posts")
        assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
        assert "ZeroDivision" not in response.content.decode()

    def test_costs_at_most_8_queries_however_long_the_list(self, client, world, django_assert_max_num_queries):
        original = an_original(by=world.ana)
        for _number in range(4):
            a_post(world.ana, gallery=a_gallery(world.ana, "More"), caption="Boats #fog", original=original)
        for path in operations(client):
            cache.clear()
            with django_assert_max_num_queries(8, info=path):
                client.get(world.address(path))


def test_the_contract_is_openapi_3_1_and_the_manual_names_every_operation(client):
    contract = client.get(f"{API}/openapi.json").json()
    assert contract["openapi"] == "3.1.0"
    with open("docs/api.md") as file:
        manual = file.read()
    assert [path for path in contract["paths"] if f"`{path.removeprefix(API)}`" not in manual] == []
    assert json.dumps(contract).count("application/problem+json") > len(contract["paths"])
