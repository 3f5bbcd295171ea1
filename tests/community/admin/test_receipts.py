"""Receipts in the console: the list, one of them, the alarm, and the file for a legal request."""

import csv
import io

import pytest
from wagtail.models import PageLogEntry

from community.models import Receipt, ReceiptLine
from gallery.actions.take_down_post import take_down_post
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db
URL = "/admin/receipts/"


@pytest.fixture
def moderator(client):
    moderator = a_staff_member("Moderators", "marta")
    client.force_login(moderator)
    return moderator


@pytest.fixture
def receipt(moderator):
    post = a_post()
    take_down_post(post, by=moderator, reason="Spam")
    receipt = Receipt.objects.get()
    for url, status, right in [("/p/x/", 410, True), ("=cmd", 200, False)]:
        ReceiptLine.objects.create(
            receipt=receipt,
            kind="page",
            role="own",
            host="site",
            url=url,
            status=status,
            as_expected=right,
        )
    return receipt


def body(client, url, **query):
    return client.get(url, query).content.decode()


def test_receipts_are_listed_narrowed_and_read(client, receipt):
    assert f"{URL}{receipt.key}/" in body(client, URL)
    assert receipt.key not in body(client, URL, state="reachable")
    page = body(client, f"{URL}{receipt.key}/")
    assert "1 of 2 addresses answer as they must." in page
    assert page.index("=cmd") < page.index("/p/x/")  # what is wrong comes first
    assert f"{URL}{receipt.key}/" in body(client, f"/admin/posts/{receipt.about}/")


def test_the_list_goes_on_by_keyset_and_costs_the_same(client, moderator, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("community.admin.receipts.PAGE", 2)
    made = [Receipt.objects.create(about=f"post{n}") for n in range(5)]
    seen, query = [], {}
    while True:
        with django_assert_max_num_queries(12):
            page = client.get(URL, query).context["page"]
        seen += [one.key for one in page]
        if not page.next:
            break
        query = {"after": page.next}
    assert seen == [one.key for one in reversed(made)]


def test_what_is_still_reachable_stands_on_the_consoles_home_page(client, receipt):
    assert "still reachable" not in body(client, "/admin/")
    Receipt.objects.update(state="reachable")
    assert "Taken down, and still reachable" in body(client, "/admin/") and receipt.key in body(client, "/admin/")
    client.force_login(a_staff_member("Curators"))
    assert "still reachable" not in body(client, "/admin/")


def test_a_receipt_is_exported_as_json_and_csv_and_both_are_written_down(client, receipt):
    found = client.get(f"{URL}{receipt.key}/export.json")
    assert found["Content-Disposition"] == f'attachment; filename="receipt-{receipt.key}.json"'
    assert (found.json()["kind"], found.json()["about"]) == ("post", receipt.about)
    assert len(found.json()["addresses"]) == 2
    assert {row["answer"] for row in found.json()["addresses"]} == {200, 410}
    rows = list(csv.DictReader(io.StringIO(body(client, f"{URL}{receipt.key}/export.csv"))))
    assert {row["address"] for row in rows} == {"'=cmd", "http://localhost:8000/p/x/"}
    exports = PageLogEntry.objects.filter(action="pixlpix.export_receipt", page=receipt.post)
    assert exports.count() == 2 and exports[0].data == {"receipt": receipt.key}


def test_nobody_else_reads_or_exports_them(client, receipt):
    for person in (a_staff_member("Curators"), a_member()):
        client.force_login(person)
        for url in (URL, f"{URL}{receipt.key}/", f"{URL}{receipt.key}/export.json", f"{URL}{receipt.key}/export.csv"):
            assert client.get(url).status_code in (302, 403, 404), url


def test_what_is_none_is_not_found(client, moderator):
    for url in (f"{URL}abcdefghij/", f"{URL}abcdefghij/export.json"):
        assert client.get(url).status_code == 404


def test_each_page_costs_the_same_however_much_there_is(client, receipt, django_assert_max_num_queries):
    lines = [ReceiptLine(receipt=receipt, kind="page", role="own", host="site", url=f"/p/{n}/") for n in range(300)]
    ReceiptLine.objects.bulk_create(lines)
    Receipt.objects.bulk_create(Receipt(about=f"more{n}", state="reachable") for n in range(60))
    for url in (URL, f"{URL}{receipt.key}/", f"{URL}?state=reachable"):
        client.get(url)  # permissions and content types are remembered
        with django_assert_max_num_queries(11):
            assert client.get(url).status_code == 200
