"""What staff do, each at its address of the console, and the line of the log that it leaves: the table of test_record."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.utils import timezone

from community.actions.appeal import appeal
from community.actions.decide_case import decide_case
from community.actions.pick_winners import choose_winner
from community.actions.suspend_member import suspend_member
from community.actions.take_down_all import take_down_all
from community.actions.take_down_avatar import take_down_avatar
from community.actions.take_down_comment import take_down_comment
from community.actions.take_down_member_name import take_down_member_name
from community.actions.take_down_profile import take_down_profile
from community.avatar_bans import hold
from community.models import BulkTakedown, BulkTakedownPost, Invitation, PolicyVersion, Receipt
from gallery.actions.ban_picture import ban_picture
from gallery.actions.label_sensitive import label_sensitive
from gallery.actions.limit_post import limit_post
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.actions.take_down_gallery_name import take_down_gallery_name
from gallery.actions.take_down_photo import take_down_photo
from gallery.actions.take_down_post import take_down_post
from gallery.models import BanMatch, BannedPicture, MembersPage, Photo
from gallery.states import ProcessingState
from home.actions.pick_post import pick_post
from tests.cases_world import a_case, a_comment_on
from tests.community.test_policies_in_the_console import DRAFT
from tests.factories import a_gallery, a_member, a_post, a_staff_member, an_avatar, an_original
from tests.galleries_world import an_over_prompt

WHY = "Because of what the order of 3 May says"
REASON = {"reason": WHY}


class World:
    """Who acts, an administrator, who may do everything; somebody else of the staff; and a member with things of theirs."""

    def __init__(self, settings):
        self.settings = settings
        self.adm, self.mod = a_staff_member("Administrators", "adm"), a_staff_member("Moderators", "mod")
        self.ana = a_member("ana")

    def post(self, do=None):
        """A post of ana's, to which another moderator did something before."""
        post = a_post(self.ana, original=an_original(by=self.ana))
        if do:
            do(post, by=self.mod, reason="Before")
        return post

    def photo_down(self):
        post = a_post(self.ana, photos=2)
        return post, take_down_photo(post.photos.first(), by=self.mod, reason="Before")

    def down(self, act, thing):
        """`thing` with what the other moderator did to it."""
        act(thing, by=self.mod, reason="Before")
        return thing

    def match(self):
        banned = BannedPicture.objects.create(sha256="ab" * 32)
        post = self.post()
        return post, BanMatch.objects.create(photo=post.photos.get(), banned=banned, distance=9)

    def decided(self, act="limit"):
        return decide_case(a_case(self.post()), by=self.mod, act=act, told="Before")

    def proposed(self):
        self.settings.SECOND_PAIR_OF_EYES = ["suspend"]
        return self.decided("suspend")

    def all_down(self, state, failed=False):
        self.post()
        job = BulkTakedown.objects.get(decision=take_down_all(self.ana, by=self.mod, rule="spam", told="Before"))
        BulkTakedown.objects.filter(pk=job.pk).update(state=state)
        if failed:
            BulkTakedownPost.objects.filter(job=job).update(state="failed")
        return [job.key]

    def failed_photo(self):
        photo = self.post().photos.get()
        Photo.objects.filter(pk=photo.pk).update(state=ProcessingState.FAILED)
        return photo

    def biography(self):
        self.ana.profile.biography = "Rude words"
        self.ana.profile.save()
        return self.ana

    def receipt(self):
        return Receipt.objects.get(post=self.post(take_down_post))


@dataclass
class Row:
    """What is sent to an address, and the line that stands in the log afterwards."""

    about: object  # what the line stands on
    args: list
    data: dict | None = None  # None where it is asked for by GET
    why: str | None = WHY  # None for what asks for no reason: the act says it
    query: str = ""


def full_name(act):
    """An act as the log names it; ours go without their prefix here."""
    return act if "." in act else f"pixlpix.{act}"


def own(post, *more, data=None):
    return Row(post, [post.short_id, *more], data or REASON)


def of_gallery(gallery, why=WHY):
    return Row(gallery, [gallery.author.username, gallery.gallery_slug], REASON)


def of_match(w):
    post, match = w.match()
    return Row(post, [match.key], REASON)


def of_held_avatar(w):
    banned = BannedPicture.objects.create(sha256="ab" * 32)
    hold(an_avatar(w.ana), {banned.pk: 9})
    return Row(w.ana, [banned.avatar_matches.get().key], REASON)


def of_photo_down(w):
    post, photo = w.photo_down()
    return own(post, photo.key)


def of_avatar(w, do=None):
    avatar = an_avatar(w.ana)
    if do:
        w.down(do, avatar)
    return Row(w.ana, ["ana", avatar.key], REASON)


def of_case(w, decided=None, data=REASON, why=WHY):
    return Row(decided.case, [decided.case.key, decided.key], data, why)


def of_one(thing, key, data=REASON, why=WHY):
    return Row(thing, [key], data, why)


def of_look_at_avatar(w):
    w.down(take_down_avatar, an_avatar(w.ana))
    return Row(w.ana, ["ana"], why=None)


def of_comment(w, do=None):
    comment = a_comment_on(w.post(), w.ana)
    if do:
        w.down(do, comment)
    return Row(comment.post, [comment.key], REASON)


def of_evidence(w, **fields):
    case = a_case(w.post(), **fields)
    return Row(case, [case.key], REASON)


def of_all_posts(w, state, why=None, **more):
    return Row(w.ana, w.all_down(state, **more), REASON, why)


def of_receipt(w):
    receipt = w.receipt()
    return Row(receipt.post, [receipt.key], why=None)


def of_pick(w, itself=False):
    pick = pick_post(w.post(), by=w.adm)
    return Row(pick if itself else pick.post, [pick.pk], {"shown_from": "2026-01-01 10:00"}, None)


def of_draft(w, data):
    draft = PolicyVersion.objects.create(title="Next", summary="Less", text="<p>Next</p>")
    return Row(draft, [draft.pk], data, None)


def of_prompt(w, do):
    post = w.post()
    prompt = an_over_prompt(post)
    if do != "choose":
        choose_winner(prompt, post, by=w.adm)
    key = "" if do == "announce" else f":{post.short_id}"
    return Row(post if key else prompt, [prompt.slug], {"do": do + key}, None)


DECISION = {"rule": "spam", "told": WHY, "words": "", "note": ""}
LOOKED_AT = {
    "console_posts:post",
    "console_members:member",
    "console_receipts:export_csv",
    "console_receipts:export_json",
}
# Every address of the console at which staff do something, and those at which they look at what is private.
DONE_AT = {
    "console_posts:take_down": [("take_down", lambda w: own(w.post()))],
    "console_posts:take_down_many": [
        ("take_down", lambda w: (post := w.post()) and Row(post, [], REASON, query=f"?id={post.short_id}"))
    ],
    "console_posts:edit_reason": [("edit_reason", lambda w: own(w.post(take_down_post)))],
    "console_posts:restore": [("restore", lambda w: own(w.post(take_down_post)))],
    "console_posts:post": [
        ("look", lambda w: (post := w.post(take_down_post)) and Row(post, [post.short_id], why=None))
    ],
    "console_labels:limit": [("limit", lambda w: own(w.post()))],
    "console_labels:unlimit": [("unlimit", lambda w: own(w.post(limit_post)))],
    "console_labels:label_sensitive": [("label_sensitive", lambda w: own(w.post()))],
    "console_labels:unlabel_sensitive": [("unlabel_sensitive", lambda w: own(w.post(label_sensitive)))],
    "console_labels:take_down_photo": [
        ("take_down_photo", lambda w: (post := a_post(w.ana, photos=2)) and own(post, post.photos.first().key))
    ],
    "console_labels:restore_photo": [("restore_photo", of_photo_down)],
    "console_words:take_down_member_name": [("take_down_member_name", lambda w: of_one(w.ana, "ana"))],
    "console_words:restore_member_name": [
        ("restore_member_name", lambda w: of_one(w.down(take_down_member_name, w.ana), "ana"))
    ],
    "console_words:take_down_profile": [("take_down_profile", lambda w: of_one(w.biography(), "ana"))],
    "console_words:restore_profile": [
        ("restore_profile", lambda w: of_one(w.down(take_down_profile, w.biography()), "ana"))
    ],
    "console_words:take_down_name": [("take_down_name", lambda w: of_gallery(a_gallery(w.ana)))],
    "console_words:restore_name": [
        ("restore_name", lambda w: of_gallery(w.down(take_down_gallery_name, a_gallery(w.ana))))
    ],
    "console_members:suspend": [("suspend", lambda w: of_one(w.ana, "ana"))],
    "console_members:lift": [("lift_suspension", lambda w: of_one(w.down(suspend_member, w.ana), "ana"))],
    "console_members:member": [("look", of_look_at_avatar)],
    "console_members:take_down_avatar": [("take_down_avatar", lambda w: of_avatar(w))],
    "console_members:restore_avatar": [("restore_avatar", lambda w: of_avatar(w, take_down_avatar))],
    "console_members:take_down_gallery": [("take_down", lambda w: of_gallery(a_gallery(w.ana)))],
    "console_members:edit_gallery_reason": [
        ("edit_reason", lambda w: of_gallery(w.down(take_down_gallery, a_gallery(w.ana))))
    ],
    "console_members:restore_gallery": [("restore", lambda w: of_gallery(w.down(take_down_gallery, a_gallery(w.ana))))],
    "console_comments:take_down": [("take_down_comment", lambda w: of_comment(w))],
    "console_comments:restore": [("restore_comment", lambda w: of_comment(w, take_down_comment))],
    "console_bans:add": [
        ("ban_picture", lambda w: Row(MembersPage.objects.get(), [], {"sha256": "cd" * 32, "reason": WHY}))
    ],
    "console_bans:remove": [
        (
            "unban_picture",
            lambda w: (
                ban_picture("cd" * 32, by=w.mod, reason="Before")
                and Row(MembersPage.objects.get(), ["cd" * 32], REASON)
            ),
        )
    ],
    "console_bans:let_through": [("let_through", lambda w: of_match(w))],
    "console_bans:confirm": [("confirm_match", lambda w: of_match(w))],
    "console_held_avatars:let_through": [("let_avatar_through", lambda w: of_held_avatar(w))],
    "console_held_avatars:confirm": [("take_down_avatar", lambda w: of_held_avatar(w))],
    "console_erasing:erase": [
        ("erase", lambda w: (post := w.post(take_down_post)) and own(post, data={"again": post.short_id, **REASON}))
    ],
    "console_bulk:begin": [("take_down_all", lambda w: w.post() and of_one(w.ana, "ana", DECISION))],
    "console_bulk:stop": [("stop_take_down_all", lambda w: of_all_posts(w, "running"))],
    "console_bulk:again": [("go_on_take_down_all", lambda w: of_all_posts(w, "done", failed=True))],
    "console_bulk:undo": [("restore_all", lambda w: of_all_posts(w, "done", WHY))],
    "console_failed_photos:try_again": [
        ("retry_photo", lambda w: (photo := w.failed_photo()) and Row(photo.post, [photo.key], {}, None))
    ],
    "console_cases:case": [
        ("decide", lambda w: (case := a_case(w.post())) and of_one(case, case.key, {**DECISION, "act": "limit"})),
        ("look", lambda w: (case := a_case(category="child_safety")) and Row(case, [case.key], why=None)),
    ],
    "console_cases:claim": [("claim_case", lambda w: (case := a_case(w.post())) and of_one(case, case.key, why=None))],
    "console_cases:release": [
        (
            "release_case",
            lambda w: (
                (case := a_case(w.post(), claimed_by=w.adm, claimed_at=timezone.now()))
                and of_one(case, case.key, why=None)
            ),
        )
    ],
    "console_cases:undo": [("undo_decision", lambda w: of_case(w, w.decided()))],
    "console_cases:second": [
        ("decide", lambda w: of_case(w, w.proposed(), {"answer": "confirm"}, "Before")),
        ("refuse_decision", lambda w: of_case(w, w.proposed(), {"answer": "refuse", "note": WHY})),
    ],
    "console_evidence:evidence": [
        ("keep_evidence", lambda w: of_evidence(w)),
        ("release_evidence", lambda w: of_evidence(w, holds_evidence=True, closed_at=timezone.now())),
    ],
    "console_appeals:appeal": [
        (
            "answer_appeal",
            lambda w: of_one(w.ana, appeal(w.decided(), by=w.ana, text="No").key, {"outcome": "upheld", "answer": WHY}),
        )
    ],
    "console_invitations:index": [
        ("invite", lambda w: Row(Invitation, [], {"email": "new@example.org", "group": "Curators"}, None))
    ],
    "console_receipts:export_csv": [("export_receipt", of_receipt)],
    "console_receipts:export_json": [("export_receipt", of_receipt)],
    "console_prompts:winners": [
        ("choose_winner", lambda w: of_prompt(w, "choose")),
        ("unchoose_winner", lambda w: of_prompt(w, "unchoose")),
        ("announce_winners", lambda w: of_prompt(w, "announce")),
    ],
    "picks:pick": [("pick", lambda w: (post := w.post()) and Row(post, [post.short_id], {}, None))],
    "picks:end": [("end_pick", of_pick)],
    "picks:edit": [("wagtail.edit", lambda w: of_pick(w, itself=True))],
    "policies:edit": [("wagtail.edit", lambda w: of_draft(w, DRAFT))],
    "policies:delete": [("wagtail.delete", lambda w: of_draft(w, {}))],
    "policies:copy": [
        ("wagtail.create", lambda w: Row(PolicyVersion, [PolicyVersion.objects.current().pk], DRAFT, None))
    ],
    "policies:publish": [("publish_policy", lambda w: of_draft(w, {}))],
    "wagtailusers_users:edit": [
        ("groups", lambda w: Row(w.ana, [w.ana.pk], {"groups": [Group.objects.get(name="Curators").pk]}, None))
    ],
    "wagtailusers_users:delete": [("suspend", lambda w: Row(w.ana, [w.ana.pk], {}, "Removed in the admin"))],
}
