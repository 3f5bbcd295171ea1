"""On a filled PostgreSQL no list and no search of the console reads a large table from end to end, nor does a case's page.

As `test_plans` looks at the site's pages; of cases, decisions, receipts and members there are as many as of posts here.
"""

import pytest

from bench import cloning
from community.models import Case, Comment, Decision, Notification, Receipt, Report, User
from gallery import keyset
from gallery.models import Hashtag
from tests.cases_world import a_report
from tests.factories import a_member, a_post, a_staff_member
from tests.pixlpix import test_plans

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ROWS = 6_000
LARGE = {
    "gallery_postpage", "community_comment", "community_case", "community_decision", "community_report",
    "community_receipt", "community_user",
}  # fmt: skip
# name, arguments, query; {cursor} is in the middle of the list.
PAGES = [
    ("console_cases:index", [], ""),
    ("console_cases:index", [], "after={urgent}"),
    ("console_cases:index", [], "state=closed"),
    ("console_cases:index", [], "queue=general&hands=nobody"),
    ("console_cases:index", [], "q=lighthouse"),
    ("console_cases:index", [], "q=lighthouse&state=closed"),
    ("console_cases:index", [], "q=@filled7"),
    ("console_cases:index", [], "q={key}"),
    ("console_cases:case", ["key"], ""),
    ("console_cases:next", [], ""),
    ("console_comments:index", [], ""),
    ("console_comments:index", [], "after={written}"),
    ("console_comments:index", [], "q=@filled7"),
    ("console_posts:index", [], ""),
    ("console_posts:index", [], "q=@filled7"),
    ("console_posts:index", [], "q=lighthouse"),
    ("console_posts:post", ["post"], ""),
    ("console_members:index", [], ""),
    ("console_members:index", [], "after={joined}"),
    ("console_members:index", [], "q=filled7"),
    ("console_members:index", [], "q=filled7@example.org"),
    ("console_members:member", ["member"], ""),
    ("console_receipts:index", [], ""),
    ("console_appeals:index", [], ""),
    ("console_bans:index", [], ""),
    ("wagtailadmin_home", [], ""),
]


@pytest.fixture
def world(client):
    """ROWS posts, comments and members; as many cases, a tenth of them open, each about a post with a report, a decision
    and a receipt. One case of a thousand is about a lighthouse."""
    template = a_post(a_member("ana"))
    comment = Comment.objects.create(post=template, author=template.author, text="Yes")
    told = Notification.objects.create(recipient=template.author, kind="mention", post=template)
    tag = Hashtag.objects.create(name="dawn")
    made = dict.fromkeys(("posts", "comments", "members"), ROWS) | {"likes": 10, "notifications": 10}
    cloning.fill(template, comment, told, hashtag=tag, **made)
    report = a_report(template)
    moderator = a_staff_member("Administrators")
    decision = Decision.objects.create(case=report.case, member=template.author, act="limit", by=moderator)
    receipt = Receipt.objects.create(post=template, about=template.short_id, state="proven")
    fill_cases(report, decision, receipt)
    cloning.run("UPDATE community_user SET date_joined = date_joined - id * interval '1 second'")
    cloning.run("ANALYZE")
    client.force_login(moderator)
    case = Case.objects.open().filter(key__startswith="x").order_by("urgency", "opened_at", "key")[200]
    wrote = Comment.objects.order_by("-created_at")[ROWS // 2]
    person = User.objects.order_by("-date_joined", "-username")[ROWS // 2]
    return {
        "key": case.key, "post": case.post.short_id, "member": case.member.username,
        "urgent": keyset.encode(case.urgency, case.opened_at, case.key),
        "written": keyset.encode(wrote.created_at, wrote.key), "joined": keyset.encode(person.date_joined, person.username),
    }  # fmt: skip


def fill_cases(report, decision, receipt):
    rows = "SELECT n, id AS post, author, short_id, at FROM filled_post"
    key = "'x' || substr(r.short_id, 2)"
    cloning.clone(
        Case, report.case, rows,
        id=cloning.nextval(Case), key=key, about="r.short_id", post_id="r.post", member_id="r.author", opened_at="r.at",
        closed_at="CASE WHEN mod(r.n, 10) = 0 THEN NULL ELSE r.at END", urgency="mod(r.n, 5)", alike_due_at="NULL",
        tokens="CASE WHEN mod(r.n, 1000) = 0 THEN 'lighthouse' ELSE 'word' || r.n || ' common' END",
    )  # fmt: skip
    rows = f"SELECT f.*, c.id AS case FROM ({rows}) AS f JOIN community_case c ON c.post_id = f.post"
    cloning.clone(Report, report, rows, id=cloning.nextval(Report), key=key, case_id="r.case", reporter_id="NULL")
    cloning.clone(
        Decision, decision, rows,
        id=cloning.nextval(Decision), key=key, case_id="r.case", member_id="r.author", made_at="r.at",
    )  # fmt: skip
    cloning.clone(
        Receipt,
        receipt,
        rows,
        id=cloning.nextval(Receipt),
        key=key,
        post_id="r.post",
        about="r.short_id",
        made_at="r.at",
    )


def test_no_list_of_the_console_reads_a_large_table_whole(client, world, monkeypatch):
    monkeypatch.setattr(test_plans, "LARGE", LARGE)
    wrong, seen = {}, 0
    for entry in PAGES:
        url = test_plans.url_of(world, *entry)
        status, queries = test_plans.looked_at(client, url)
        assert status in (200, 302), (url, status)
        seen += len(queries)
        for sql, plan, whole, rows in queries:
            if whole or rows > test_plans.MOST_ROWS:
                wrong[url] = f"{rows} rows, whole: {whole}\n{sql.partition(' FROM ')[2][:700]}\n{plan}"
    assert seen > 130
    assert not wrong, "\n\n".join(f"{url}\n{said}" for url, said in wrong.items())[:12_000]
