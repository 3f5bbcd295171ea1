"""Receipts: the proof that what was taken down is out of everyone's reach, address by address."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.ids import new_short_id


class Receipt(models.Model):
    """Every address that a thing ever had, or on which its words stood, asked for anonymously after it was put out of reach
    (or brought back), until all answer as they must."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        PHOTO = "photo", _("Photo of a post")
        COMMENT = "comment", _("Comment")
        GALLERY = "gallery", _("Gallery")
        NAME = "name", _("Name of a gallery")
        MEMBER = "member", _("Member")
        CALLED = "called", _("Name of a member")
        AVATAR = "avatar", _("Profile picture")
        PROFILE = "profile", _("What a member says of themselves")

    class State(models.TextChoices):
        PENDING = "pending", _("Being checked")
        CLEAN = "clean", _("Proven")
        REACHABLE = "reachable", _("Something is still reachable")

    class Expected(models.TextChoices):
        GONE = "gone", _("Out of reach")
        SHOWN = "shown", _("In reach again")

    key = models.CharField(_("reference"), max_length=10, unique=True, default=new_short_id, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, default=Kind.POST, db_default=Kind.POST)
    # Which of that kind, as `Decision.changed` has it: a short id, a key or a primary key. Empty once it is erased.
    reference = models.CharField(max_length=30, blank=True, default="", db_default="", editable=False)
    # The post that it is, or to which it belongs.
    post = models.ForeignKey("gallery.PostPage", models.SET_NULL, null=True, blank=True, related_name="receipts")
    # Whose it is.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("member")
    )
    # What people call it (short id, username, "username/gallery"), and what is left of it once it is erased.
    about = models.CharField(_("about"), max_length=120)
    expected = models.CharField(_("expected"), max_length=5, choices=Expected.choices, default=Expected.GONE)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PENDING)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # When it is looked at (again); null once it is proven, or given up and left to people.
    due_at = models.DateTimeField(_("due"), null=True, blank=True, default=timezone.now)
    # Of a member or a gallery: the primary key of the last post that has its own receipt; null once all of theirs have.
    posts_after = models.BigIntegerField(null=True, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes = [
            models.Index(fields=["-made_at", "-key"], name="receipts_newest"),
            models.Index(fields=["due_at"], name="receipts_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["kind", "reference", "-made_at"], name="receipts_of_thing"),
            models.Index(fields=["due_at"], name="receipts_unfinished", condition=models.Q(posts_after__isnull=False)),
            models.Index(fields=["-made_at", "-key"], name="receipts_alarming", condition=models.Q(state="reachable")),
        ]

    def __str__(self):
        return self.key


class ReceiptLine(models.Model):
    """One address, and what it answered last."""

    class Host(models.TextChoices):
        SITE = "site", _("The site")
        MEDIA = "media", _("The media host")
        CDN = "cdn", _("The content delivery network")

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="lines", verbose_name=_("receipt"))
    kind = models.CharField(_("kind of address"), max_length=40)
    role = models.CharField(max_length=5)  # of `gallery.addresses`
    host = models.CharField(_("asked at"), max_length=5, choices=Host.choices)
    url = models.TextField(_("address"))
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    as_expected = models.BooleanField(_("as it must be"), default=False)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of a receipt")
        verbose_name_plural = _("lines of receipts")
        constraints = [models.UniqueConstraint(fields=["receipt", "host", "url"], name="one_line_an_address")]

    def __str__(self):
        return self.url
