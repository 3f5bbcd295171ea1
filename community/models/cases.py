"""Reports and the cases that they gather in; what staff decide of a case, and the appeal against that."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.ids import new_short_id


class Category(models.TextChoices):
    """What is wrong with what is reported, in the reporter's words. The rule of the guidelines that it breaks."""

    CHILD_SAFETY = "child_safety", _("A child is harmed or shown in a sexual way")
    SELF_HARM = "self_harm", _("Somebody may harm themselves")
    VIOLENCE = "violence", _("Threats or violence")
    HARASSMENT = "harassment", _("Harassment or bullying")
    HATE = "hate", _("Hatred against a group of people")
    PRIVACY = "privacy", _("It shows me, or somebody else, against our will")
    SEXUAL = "sexual", _("Nudity or sex that is not marked as sensitive")
    SPAM = "spam", _("Spam or fraud")
    COPYRIGHT = "copyright", _("It is my work, or the work of somebody I act for")
    OTHER = "other", _("Something else")


# How soon a category waits for: 0 goes before everything.
URGENCY = {
    Category.CHILD_SAFETY: 0,
    Category.SELF_HARM: 1,
    Category.VIOLENCE: 1,
    Category.HARASSMENT: 2,
    Category.HATE: 2,
    Category.PRIVACY: 2,
    Category.SEXUAL: 3,
    Category.COPYRIGHT: 3,
    Category.SPAM: 4,
    Category.OTHER: 4,
}


class Queue(models.TextChoices):
    """Where a case waits, and so who sees it."""

    GENERAL = "general", _("Reports")
    COPYRIGHT = "copyright", _("Copyright")
    CHILD_SAFETY = "child_safety", _("Child safety")  # for administrators alone
    REVIEW = "review", _("Pictures that were taken down before")  # what our own check held


class CaseQuerySet(models.QuerySet):
    """Cases in the product's words."""

    def open(self):
        return self.filter(OPEN)


OPEN = models.Q(closed_at__isnull=True)


class Case(models.Model):
    """Everything that was reported about one thing, until it is decided. What comes later opens a new one."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        COMMENT = "comment", _("Comment")
        PROFILE = "profile", _("Profile")

    key = models.CharField(_("reference"), max_length=10, unique=True, default=new_short_id, editable=False)
    queue = models.CharField(_("queue"), max_length=12, choices=Queue.choices, default=Queue.GENERAL)
    kind = models.CharField(_("about"), max_length=7, choices=Kind.choices)
    # What it is about. Rows of these go by Erase alone; what was reported stands in `frozen` whatever becomes of them.
    post = models.ForeignKey("gallery.PostPage", models.SET_NULL, null=True, blank=True, related_name="cases")
    comment = models.ForeignKey("community.Comment", models.SET_NULL, null=True, blank=True, related_name="cases")
    # Whose it is.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="cases", verbose_name=_("member")
    )
    # The short id of the post, the key of the comment, the username: with `kind` what reports on one thing have in common.
    about = models.CharField(max_length=30)

    category = models.CharField(_("category"), max_length=12, choices=Category.choices)  # the most urgent reported
    urgency = models.PositiveSmallIntegerField(_("urgency"), default=4)
    reports_made = models.PositiveIntegerField(_("reports"), default=0)
    # As it stood when it was first reported: see `community.freezing`.
    frozen = models.JSONField(_("as it stood"), default=dict)
    # Its words, as they were frozen and as they are in the post now, as search sees them: `freezing.tokens_of`.
    tokens = models.TextField(blank=True, default="", db_default="", editable=False)
    # While it holds evidence, nothing that it is about is erased or expires.
    holds_evidence = models.BooleanField(_("evidence is kept"), default=False)

    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # While posts that look like its pictures are to be found: when that is due. See `community.look_alikes`.
    alike_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("claimed by")
    )
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [("handle_child_safety", _("Can see and decide cases of child safety"))]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about", "queue"], name="one_open_case_of_one_thing", condition=OPEN
            ),
        ]
        indexes = [
            models.Index(fields=["urgency", "opened_at", "key"], name="open_cases", condition=OPEN),
            models.Index(fields=["opened_at"], name="open_cases_oldest", condition=OPEN),
            models.Index(fields=["-closed_at", "-key"], name="closed_cases", condition=~OPEN),
            models.Index(fields=["member", "-opened_at"], name="cases_of_member"),
            models.Index(
                fields=["alike_due_at"], name="cases_look_alikes_due", condition=models.Q(alike_due_at__isnull=False)
            ),
            models.Index(fields=["opened_at"], name="cases_with_evidence", condition=models.Q(holds_evidence=True)),
        ]

    def __str__(self):
        return self.key

    @property
    def is_open(self):
        return self.closed_at is None


class LookAlike(models.Model):
    """A photo of another post that looks like what a case is about."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="look_alikes", verbose_name=_("case"))
    photo = models.ForeignKey("gallery.Photo", models.CASCADE, related_name="+", verbose_name=_("photo"))
    distance = models.PositiveSmallIntegerField(_("distance"))  # bits in which the two likenesses differ
    mirrored = models.BooleanField(_("mirrored"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("look-alike")
        verbose_name_plural = _("look-alikes")
        constraints = [models.UniqueConstraint(fields=["case", "photo"], name="one_look_alike_of_case_and_photo")]

    def __str__(self):
        return f"{self.case_id} {self.distance}"


class Report(models.Model):
    """What one person said of one thing. Whom it is about never learns who said it."""

    key = models.CharField(_("reference"), max_length=10, unique=True, default=new_short_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="reports", verbose_name=_("case"))
    # A member, or a visitor with an address to answer to; neither once they are forgotten.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reporter")
    )
    email = models.EmailField(_("email address"), blank=True)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    text = models.TextField(_("in their words"), max_length=2000, blank=True)
    # What the law asks of a copyright notice or counter-notice, field by field; see `community.forms_reports`.
    details = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    answer = models.TextField(_("what they were answered"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # Of a visitor's: when they are to be written to (see `community.answering`); null where there is nothing to write.
    mail_due_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"],
                name="one_report_of_a_member_in_a_case",
                condition=models.Q(reporter__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "created_at"], name="reports_of_case"),
            models.Index(fields=["created_at"], name="reports_oldest"),
            models.Index(fields=["mail_due_at"], name="reports_to_mail", condition=models.Q(mail_due_at__isnull=False)),
            # Whose address is still to be forgotten.
            models.Index(
                fields=["answered_at"],
                name="reports_with_an_address",
                condition=models.Q(answered_at__isnull=False) & ~models.Q(email=""),
            ),
        ]

    def __str__(self):
        return self.key


class ProfilePart(models.TextChoices):
    """What of a member's profile a report is about, and what of it a decision takes down."""

    PICTURE = "picture", _("The profile picture")
    NAME = "name", _("The name")
    WORDS = "words", _("What they say of themselves")


class Decision(models.Model):
    """What a moderator decided of a case or, without one, of a member's thing; and what the member is told."""

    class Act(models.TextChoices):
        NO_ACTION = "no_action", _("No action")
        SENSITIVE = "sensitive", _("Label as sensitive")
        LIMIT = "limit", _("Limit")
        TAKE_DOWN = "take_down", _("Take down")
        WARN = "warn", _("Take down and warn")
        SUSPEND = "suspend", _("Suspend")
        TAKE_ALL = "take_all", _("Take down all posts")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second moderator")
        CARRIED_OUT = "carried_out", _("Carried out")
        REFUSED = "refused", _("Refused by the second moderator")
        UNDONE = "undone", _("Undone")

    key = models.CharField(_("reference"), max_length=10, unique=True, default=new_short_id, editable=False)
    case = models.ForeignKey(
        Case, models.CASCADE, null=True, blank=True, related_name="decisions", verbose_name=_("case")
    )
    act = models.CharField(_("decision"), max_length=10, choices=Act.choices)
    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.CARRIED_OUT)
    rule = models.CharField(_("rule"), max_length=12, choices=Category.choices, blank=True)
    told = models.TextField(_("what the member is told"), max_length=2000, blank=True)
    note = models.TextField(_("note for the team"), max_length=2000, blank=True)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="decisions", verbose_name=_("member")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("second")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    # Of those that count against the member: until when.
    strike_until = models.DateTimeField(_("counts until"), null=True, blank=True)
    # Of a profile: which parts of it go down (values of ProfilePart); none where there is no choice.
    parts = models.JSONField(default=list, db_default=[], blank=True)
    # What undoing needs: what it changed, and the post, comment or member as it was before.
    changed = models.JSONField(default=dict, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["member", "-made_at", "-key"], name="decisions_of_member"),
            models.Index(fields=["case", "-made_at"], name="decisions_of_case"),
            models.Index(fields=["made_at"], name="decisions_oldest"),
            # Cases that wait for a second moderator are no moderator's next.
            models.Index(fields=["case"], name="decisions_proposed", condition=models.Q(state="proposed")),
        ]

    def __str__(self):
        return self.key

    @property
    def is_in_force(self):
        return self.state == self.State.CARRIED_OUT


class Appeal(models.Model):
    """What a member says against a decision about them: once, and another moderator answers."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("The decision stands")
        OVERTURNED = "overturned", _("The decision is undone")

    key = models.CharField(_("reference"), max_length=10, unique=True, default=new_short_id, editable=False)
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="appeal", verbose_name=_("decision"))
    text = models.TextField(_("in their words"), max_length=2000)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        indexes = [
            models.Index(fields=["made_at", "key"], name="open_appeals", condition=models.Q(answered_at__isnull=True)),
        ]

    def __str__(self):
        return self.key
