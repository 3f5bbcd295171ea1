"""A prompt, from one tap to the winner: a member and a curator at two windows, and whoever comes by."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from community.models import PromptPage
from tests.factories import a_member, a_post, a_staff_member
from tests.galleries_world import a_prompt

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_post_is_entered_with_one_tap_and_wins(a_person):
    author, curator = a_member("ana"), a_staff_member("Curators", "cora")
    prompt = a_prompt("Doors")
    post = a_post(author, caption="Blue door", alt_text="A blue door")
    ana, cora = a_person(width=390, height=844).signed_in_as(author), a_person().signed_in_as(curator)

    ana.go(post.address())
    ana.press("Enter in “Doors”")
    expect(ana.page.get_by_role("region", name="Prompts")).to_contain_text("Entered in Doors")
    cora.go(prompt.address())
    expect(cora.page.get_by_role("main").get_by_role("link", name="A blue door")).to_be_visible()

    PromptPage.objects.filter(pk=prompt.pk).update(
        starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=1)
    )
    cora.go(f"/admin/prompts/{prompt.slug}/winners/")
    cora.press("Give it the next place")
    # Nobody learns of a place before all are announced.
    ana.go("/members/ana/")
    expect(ana.page.get_by_role("list", name="Prompts won")).to_have_count(0)
    cora.press("Announce the winners")
    expect(cora.page.get_by_text("The winners are announced.").first).to_be_visible()

    ana.go("/members/ana/")
    ana.follow(ana.page.get_by_role("list", name="Prompts won").get_by_role("link", name="Winner of “Doors”"))
    expect(ana.page.get_by_role("region", name="Prompts")).to_contain_text("Winner of Doors")
    assert ana.complaints == []
