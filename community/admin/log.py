"""How staff's acts on people and policies read in Wagtail's log."""

from django.utils.translation import gettext_lazy as _


def register_actions(actions):
    """Name the acts that community's actions write down."""
    actions.register_action("pixlpix.publish_policy", _("Publish policy"), _("Policy version published"))
    actions.register_action("pixlpix.take_down", _("Take down"), _("Taken down"))
    actions.register_action("pixlpix.restore", _("Restore"), _("Restored"))
    actions.register_action("pixlpix.take_down_all", _("Take down all posts"), _("All posts taken down"))
    actions.register_action("pixlpix.stop_take_down_all", _("Stop"), _("The takedown of all posts was stopped"))
    actions.register_action("pixlpix.go_on_take_down_all", _("Try again"), _("What failed of all posts is tried again"))
    actions.register_action("pixlpix.restore_all", _("Undo"), _("Posts that were taken down together are brought back"))
    actions.register_action("pixlpix.suspend", _("Suspend"), _("Member suspended"))
    actions.register_action("pixlpix.lift_suspension", _("Lift suspension"), _("Member's suspension lifted"))
    actions.register_action("pixlpix.take_down_avatar", _("Take down picture"), _("Profile picture taken down"))
    actions.register_action("pixlpix.restore_avatar", _("Restore picture"), _("Profile picture restored"))
    actions.register_action(
        "pixlpix.hold_avatar", _("Hold picture"), _("Profile picture held: it looks like a banned one")
    )
    actions.register_action(
        "pixlpix.let_avatar_through", _("Let picture through"), _("Held profile picture let through")
    )
    actions.register_action("pixlpix.take_down_profile", _("Take down profile"), _("Profile taken down"))
    actions.register_action("pixlpix.restore_profile", _("Restore profile"), _("Profile restored"))
    actions.register_action("pixlpix.take_down_member_name", _("Take the name down"), _("Member's name taken down"))
    actions.register_action("pixlpix.restore_member_name", _("Restore the name"), _("Member's name restored"))
    actions.register_action("pixlpix.take_down_comment", _("Take down comment"), _("Comment taken down"))
    actions.register_action("pixlpix.restore_comment", _("Restore comment"), _("Comment restored"))
    actions.register_action("pixlpix.keep_evidence", _("Keep evidence"), _("Kept as evidence"))
    actions.register_action("pixlpix.release_evidence", _("Let evidence go"), _("No longer kept as evidence"))
    actions.register_action("pixlpix.choose_winner", _("Choose winner"), _("Chosen as a winner of a prompt"))
    actions.register_action("pixlpix.unchoose_winner", _("Take winner back"), _("No longer a winner of a prompt"))
    actions.register_action("pixlpix.announce_winners", _("Announce winners"), _("Winners announced"))
    actions.register_action("pixlpix.invite", _("Invite"), _("Staff invited"))
    actions.register_action("pixlpix.groups", _("Change groups"), _("Staff groups changed"))
    actions.register_action("pixlpix.claim_case", _("Claim case"), _("Case taken in hand"))
    actions.register_action("pixlpix.release_case", _("Release case"), _("Case given back"))
    actions.register_action("pixlpix.decide", _("Decide"), _("Case decided"))
    actions.register_action("pixlpix.propose", _("Propose a decision"), _("Decision proposed to a second moderator"))
    actions.register_action("pixlpix.refuse_decision", _("Refuse a decision"), _("Refused as the second moderator"))
    actions.register_action("pixlpix.undo_decision", _("Undo a decision"), _("Decision undone"))
    actions.register_action("pixlpix.answer_appeal", _("Answer an appeal"), _("Appeal answered"))
    actions.register_action("pixlpix.warn", _("Warn"), _("Member warned"))
