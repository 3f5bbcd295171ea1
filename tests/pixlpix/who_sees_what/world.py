"""The world of the table: a post in each state, and one person of each kind who looks at it."""

from datetime import timedelta

from django.db.models import F
from django.test import Client
from django.utils import timezone

from community.actions.block import block
from community.actions.follow import follow
from community.actions.leave import leave
from community.actions.mute import mute
from community.actions.suspend_member import suspend_member
from community.models import Comment, PromptEntry, PromptPage
from gallery.actions.limit_post import limit_post
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Photo, PostPage
from home.models import Pick
from tests.factories import a_draft, a_gallery, a_member, a_post, a_staff_member, an_original
from tests.galleries_world import a_prompt
from tests.people_world import a_follower, signed_in
from tests.visiting import media_host

# What everybody may find; what only some may reach; what nobody but its author and the team does.
SHOWN = ("public", "limited", "unlisted", "followers")
HIDDEN = ("draft", "scheduled", "processing", "held", "withdrawn", "taken_down", "suspended", "left")
STATES = SHOWN + HIDDEN
# Posts are ana's; the suspended one is sue's and the left one lee's, whom nothing else tells from ana. Who looks:
PEOPLE = {
    "V": "a visitor",
    "S": "a member, a stranger to ana",
    "F": "a follower of ana's, also of sue's and lee's",
    "B": "a member whom ana blocked",
    "C": "a member who blocked ana",
    "M": "a member who muted ana",
    "A": "ana, the author",
    "T": "a moderator of the team",
}
# Who is in the place of somebody else: as whom they look, "" for as nobody at all.
OTHERS = {
    "Q": ("S", "a member whom ana muted, who must not notice"),
    "X": ("", "sue, who is suspended and follows ana"),
    "L": ("V", "lee, who left and followed ana, with the cookie of then"),
}
GONE = ("withdrawn", "taken_down", "left")  # to who does not see it: 410, as the post was removed


class World:
    """`posts` and `comments` (a follower's, one under each) by state; `members` and `clients` by letter."""

    def __init__(self):
        self.make_people()
        self.make_posts()
        self.make_more_of_them()
        block(self.members["A"], self.members["B"]), block(self.members["C"], self.members["A"])
        mute(self.members["M"], self.members["A"]), mute(self.members["A"], self.members["Q"])
        # Acts that hide come last: whatever they find, they must hide.
        self.hide_posts()
        found = PostPage.objects.for_cards()
        self.posts = {state: found.get(pk=self.posts[state].pk) for state in STATES}
        self.photo_of_draft = self.photo(self.posts["draft"]).picture.original.name

    def make_people(self):
        ana, sue, lee = (a_member(name) for name in ("ana", "sue", "lee"))
        follower = a_follower(ana)
        for author in (sue, lee):
            follow(follower, author), follow(author, ana)
        others = {letter: a_member() for letter in "SBCMQ"}
        moderator = a_staff_member("Moderators", "mod")
        self.members = {**others, "F": follower, "A": ana, "T": moderator, "X": sue, "L": lee}
        self.clients = {"V": Client(), **{letter: signed_in(member) for letter, member in self.members.items()}}

    def make_posts(self):
        ana, sue, lee = (self.members[letter] for letter in "AXL")
        self.gallery, original = a_gallery(ana, "Iceland"), an_original(by=ana)
        galleries = {author: a_gallery(author, "Iceland") for author in (sue, lee)}
        authors = {"suspended": sue, "left": lee}
        self.posts = {}
        for state in STATES:
            author = authors.get(state, ana)
            gallery = galleries.get(author, self.gallery)
            if state in ("draft", "scheduled", "processing", "held"):
                self.posts[state] = a_draft(ana, gallery=gallery, caption=self.caption(state))
            else:
                # A takedown takes along what else its author made of the same original.
                shown = None if state == "taken_down" else original
                self.posts[state] = a_post(author, gallery=gallery, caption=self.caption(state), original=shown)
        # So that descriptions can be suggested.
        Photo.objects.filter(post__in=[self.posts[state].pk for state in SHOWN]).update(alt_text="")
        PostPage.objects.update(allow_download=True)

    def make_more_of_them(self):
        """Whatever can show a post of each state: a comment, picks, entries in a prompt that runs and one that is over."""
        self.comments = {
            state: Comment.objects.create(post=post, author=self.members["F"], text="Aye.")
            for state, post in self.posts.items()
        }
        Pick.objects.bulk_create(Pick(post=post, curator=self.members["T"]) for post in self.posts.values())
        self.prompt, self.over = a_prompt("Doors"), a_prompt("Light", days=(-9, -1))
        PromptPage.objects.filter(pk=self.over.pk).update(results_at=timezone.now())
        for place, post in enumerate(self.posts.values(), 1):
            PromptEntry.objects.create(prompt=self.prompt, post=post)
            PromptEntry.objects.create(prompt=self.over, post=post, place=place)

    def hide_posts(self):
        ana, moderator = self.members["A"], self.members["T"]
        for state in ("unlisted", "followers"):
            set_visibility(self.posts[state], by=ana, visibility=state)
        limit_post(self.posts["limited"], by=moderator, reason="Loud")
        self.put("scheduled", author_state="scheduled", scheduled_for=timezone.now() + timedelta(days=1))
        self.put("processing", author_state="published", photos_ready=False)
        Photo.objects.filter(post=self.posts["processing"]).update(state="pending")
        self.put("held", author_state="published", team_state="held", photos_ready=True, published_at=F("created_at"))
        withdraw_post(self.posts["withdrawn"], by=ana)
        take_down_post(self.posts["taken_down"], by=moderator, reason="Not allowed")
        suspend_member(self.members["X"], by=moderator, reason="Spam")
        leave(self.members["L"])

    def put(self, state, **columns):
        PostPage.objects.filter(pk=self.posts[state].pk).update(**columns)

    def caption(self, state):
        return f"Kestrel #{self.mark(state)} #heron"

    @staticmethod
    def mark(state):
        """A word that stands in the caption of the post in this state, and nowhere else."""
        return f"xq{state.replace('_', '')}"

    def photo(self, post):
        return post.photos.first()

    def rendition(self, post):
        return self.photo(post).picture.renditions.order_by("pk").first()

    def comment(self, post):
        return next(comment for comment in self.comments.values() if comment.post_id == post.pk)

    def public_file(self, post):
        """The newest file that it ever had on the media host, or where there was none, one that cannot be."""
        publication = post.publications.order_by("-pk").first()
        return media_host() + (publication.names[0] if publication and publication.names else "none/there.webp")
