"""What the tests of the API are about: one of everything that it shows, and of what it must never show."""

from datetime import timedelta

from django.utils import timezone

from community.models import Profile, PromptEntry, PromptPage, PromptsPage, User
from gallery.actions.edit_post import edit_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import Visibility
from home.models import HomePage
from tests.factories import a_gallery, a_member, a_post, an_original
from tests.search.world import tagged

SECRET = "zanzibar"  # stands in everything that a visitor must not see


class World:
    def __init__(self):
        self.ana = a_member("ana", name="Ana", email=f"ana.{SECRET}@example.org")
        Profile.objects.filter(user=self.ana).update(hidden_words=SECRET)
        User.objects.filter(pk=self.ana.pk).update(standing_reason=SECRET)
        original = an_original(by=self.ana)
        self.gallery = a_gallery(self.ana, "Iceland", description="Cold.")
        self.post = a_post(self.ana, gallery=self.gallery, caption="Boats in #fog", original=original)
        tagged(self.post, "fog")
        self.second = a_post(self.ana, caption="More boats", original=original)
        self.sensitive = a_post(self.ana, caption="Boats, sunk", alt_text=SECRET, original=original)
        edit_post(self.sensitive, by=self.ana, sensitive=True, sensitive_reason="Wrecks")
        self.hidden = {}
        for visibility in (Visibility.UNLISTED, Visibility.FOLLOWERS):
            self.hidden[visibility] = a_post(self.ana, caption=f"Boats {SECRET} #{SECRET}", original=original)
            PostPage.objects.filter(pk=self.hidden[visibility].pk).update(
                visibility=visibility, effective_visibility=visibility
            )
        self.withdrawn = a_post(self.ana, caption=f"Boats {SECRET}", original=original)
        withdraw_post(self.withdrawn, by=self.ana)
        self.unverified = a_member(SECRET, verified=False)
        self.prompt = self.a_prompt()
        PromptEntry.objects.create(prompt=self.prompt, post=self.post)

    def a_prompt(self):
        home = HomePage.objects.get()
        page = PromptsPage.objects.first() or home.add_child(instance=PromptsPage(title="Prompts", slug="prompts"))
        now = timezone.now()
        prompt = PromptPage(
            title="Water",
            slug="water",
            text="<p>Show <b>water</b>.</p>",
            starts_at=now - timedelta(days=1),
            ends_at=now + timedelta(days=1),
        )
        return page.add_child(instance=prompt)

    def address(self, path):
        """The address of an operation, its parameters filled in so that it finds something."""
        slug = "water" if "prompts" in path else self.gallery.gallery_slug
        filled = path.format(short_id=self.post.short_id, username="ana", tag="fog", slug=slug)
        return filled + ("?q=boats" if filled.endswith("/search") else "")
