"""What a member is told of others' posts, and finds of them in their export: what they may see."""

import pytest

from community.bell import unread_count
from community.export import documents
from community.models import Mention, Notification

from .walking import sees
from .world import SHOWN, STATES

pytestmark = pytest.mark.django_db
# Who is told of a post of ana's that somebody mentioned them there. Nothing of people whom one has muted.
TOLD = "SFTQ SFTQ SFTQ F - - - - - - - -"


@pytest.fixture
def told(world):
    """{(state, who): key} of a notification to each, that ana, sue or lee mentions them in the post in that state."""
    keys = {}
    for state, post in world.posts.items():
        for who in "SFBCMTQ":
            Mention.objects.create(post=post, name=world.members[who].username, user=world.members[who])
            row = Notification.objects.create(
                recipient=world.members[who], kind="mention", actor=post.author, post=post, details={}
            )
            keys[state, who] = row.key
    return keys


def test_one_is_told_of_what_one_may_see_and_led_nowhere_else(world, told):
    expected = sees(TOLD)
    for who in "SFBCMTQ":
        client, mine = world.clients[who], [state for state in STATES if (state, who) in expected]
        others = Notification.objects.filter(recipient=world.members[who]).exclude(key__in=told.values())
        others.delete()  # that somebody followed them
        page = client.get("/notifications/").content.decode()
        assert [state for state in STATES if f"/notifications/{told[state, who]}/" in page] == mine, who
        assert unread_count(world.members[who]) == len(mine), who
        for state in STATES:
            response = client.get(f"/notifications/{told[state, who]}/")
            assert response.status_code == (302 if state in mine else 404), (who, state)
            assert world.clients["A"].get(f"/notifications/{told[state, who]}/").status_code == 404


def test_an_export_tells_of_others_posts_only_what_its_member_may_see(world, told):
    for who in "SFBM":
        files = dict(documents(world.members[who]))
        reach = {"S": SHOWN[:-1], "M": SHOWN[:-1], "F": SHOWN}
        seen = {world.posts[state].short_id for state in reach.get(who, ())}
        assert {row["post"] for row in files["topics.json"]["mentioned_in"]} == seen, who
        assert {row["post"] for row in files["notifications.json"]} - {None} == (seen if who != "M" else set()), who
