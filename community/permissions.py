"""Who may do what to people and among people, as plain predicates. What concerns posts and galleries stands in gallery's."""

from datetime import timedelta

from django.utils import timezone

from .models import Report
from .models.cases import Queue
from .models.users import Standing


def may_enter_console(user):
    """Enter the Wagtail admin: members of a staff group."""
    return user.is_authenticated and user.is_active and user.has_perm("wagtailadmin.access_admin")


def may_take_part(user):
    """Like, save, comment, suggest: a verified member in good standing."""
    return user.is_authenticated and user.is_member_visible


def may_pick_winners(user):
    """Pick the winners of a prompt and announce them: curators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.change_promptentry")


def may_set_picture(user):
    """Choose, cut and remove one's own profile picture: a verified member in good standing."""
    return user.is_authenticated and user.is_member_visible


def may_suspend(user):
    """Suspend members and lift a suspension: moderators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("gallery.change_memberpage")


def may_see_members(user):
    """See the console's list of members: moderators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.view_user")


def may_choose_staff(user):
    """Invite staff, and give people a group or take it: administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.change_user")


def may_write_policies(user):
    """Write and publish policy versions: administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.add_policyversion")


def may_follow(user):
    """Follow others: a verified member in good standing."""
    return user.is_authenticated and user.is_member_visible


# --- Conversation -----------------------------------------------------------------------------------------------------

EDITABLE = timedelta(minutes=15)  # how long a comment can be changed


def may_comment(user, post):
    """Comment on a post that they see (which `posts_for` says)."""
    return may_take_part(user) and not post.comments_off


def may_edit_comment(user, comment):
    """Change its words: its author, for a while, where comments are on."""
    return (
        may_comment(user, comment.post)
        and comment.author_id == user.pk
        and comment.is_standing
        and comment.created_at > timezone.now() - EDITABLE
    )


def may_remove_comment(user, comment):
    """Remove it: who wrote it, also one who is suspended, and the author of the post that it stands under."""
    return user.is_authenticated and user.is_active and user.pk in (comment.author_id, comment.post.author_id)


# --- Moderation -------------------------------------------------------------------------------------------------------


def may_report(user):
    """Report something as a member, also before one's address is confirmed; not while suspended, nor once one has left."""
    return user.is_authenticated and user.is_active and user.standing == Standing.ACTIVE


def may_see_cases(user):
    """See the queue and its cases: moderators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.view_case")


def may_handle_child_safety(user):
    """See and decide cases of child safety: administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.handle_child_safety")


def may_see_case(user, case):
    """See this case: staff, but never whom it is about, who sees what every member sees of a decision about them."""
    may = may_handle_child_safety(user) if case.queue == Queue.CHILD_SAFETY else may_see_cases(user)
    return may and case.member_id != user.pk


def has_reported(user, case):
    """Whether `user` is among those who reported it. One query."""
    return Report.objects.filter(case=case.pk, reporter=user.pk).exists()


def may_decide(user, case, *, reported=None):
    """Decide this case: who may see it and has not reported it. Nobody is judge of their own complaint.

    `reported` is whether they have, where that is known.
    """
    if not (may_see_case(user, case) and user.has_perm("community.add_decision")):
        return False
    return not (has_reported(user, case) if reported is None else reported)


def may_undo_decision(user, decision):
    """Undo a decision: who may decide its case, or of one without a case who may decide at all, and is not its member."""
    if decision.case_id:
        return may_decide(user, decision.case)
    return may_see_cases(user) and user.has_perm("community.add_decision") and decision.member_id != user.pk


def may_appeal(user, decision):
    """Appeal against a decision: its member, also while suspended, where something was done and nobody undid it."""
    return (
        user.is_authenticated
        and user.is_active
        and decision.member_id == user.pk
        and decision.is_in_force
        and decision.act != decision.Act.NO_ACTION
    )


def may_answer_appeal(user, appeal):
    """Answer an appeal: a moderator who neither took the decision, nor carried it, nor reported it, nor is the member."""
    decision = appeal.decision
    if decision.case_id and (not may_see_case(user, decision.case) or has_reported(user, decision.case)):
        return False
    return (
        user.is_authenticated
        and user.is_active
        and user.has_perm("community.change_appeal")
        and user.pk not in (decision.by_id, decision.second_id, decision.member_id)
    )


def may_see_running(user):
    """See how the site itself does: failed tasks, backups and restore drills: administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("wagtailcore.change_site")


def may_see_receipts(user):
    """Read and export receipts: moderators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("community.view_receipt")
