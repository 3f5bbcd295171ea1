"""What is going on with editorial pages, on the console's home page, for whoever edits them."""

import pytest
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from gallery.models import MembersPage
from home.models import EditorialPage, HomePage
from tests.factories import a_post, a_staff_member

pytestmark = pytest.mark.django_db
HEADING = "Editorial pages, the last edited first"


def an_edited_page(title, by):
    page = HomePage.objects.get().add_child(instance=EditorialPage(title=title, live=False))
    page.save_revision(user=by)
    return page


def home(client, group="Curators"):
    client.force_login(a_staff_member(group))
    return client.get("/admin/").content.decode()


def test_pages_are_listed_with_who_edited_them_the_last_first(client):
    curator = a_staff_member("Curators", "cur-one")
    for title in ("About light", "About shade"):
        an_edited_page(title, curator)
    page = home(client)
    assert page.index("About shade") < page.index("About light") and "cur-one" in page and "Draft" in page.title()


def test_what_waits_for_a_review_and_what_is_locked_is_said(client):
    curator = a_staff_member("Curators", "cur-one")
    page = an_edited_page("About light", curator)
    assert "In review" not in home(client) and "Locked by" not in home(client)
    workflow = Workflow.objects.create(name="Four eyes")
    WorkflowTask.objects.create(workflow=workflow, task=GroupApprovalTask.objects.create(name="Approve"))
    workflow.start(page, curator)
    EditorialPage.objects.filter(pk=page.pk).update(locked=True, locked_by=curator)
    shown = home(client)
    assert "In review" in shown and "Locked by cur-one" in shown


def test_moderators_have_no_such_list_and_nobody_has_wagtails(client):
    an_edited_page("About light", a_staff_member("Curators"))
    assert HEADING not in home(client, "Moderators")
    page = home(client, "Administrators")
    assert HEADING in page and "Your most recent edits" not in page


def test_members_pages_do_not_stand_there(client):
    post = a_post(caption="Fog at noon")
    page = home(client, "Administrators")
    assert post.title not in page and MembersPage.objects.get().title not in page.partition(HEADING)[2]


def test_the_report_that_counts_every_page_of_the_tree_is_not_there(client):
    assert "page-types-usage" not in home(client, "Administrators")
    for part in ("", "results/"):
        assert client.get(f"/admin/reports/page-types-usage/{part}").status_code == 404
