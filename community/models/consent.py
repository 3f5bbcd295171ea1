"""Policies and the record of who accepted which version."""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField

from ..rich_text import shown


class Service(models.TextChoices):
    """What another company may do for the site, and so may see."""

    HOSTING = "hosting", _("Machines, database and cache")
    STORAGE = "storage", _("Storing and handing out files")
    MAIL = "mail", _("Sending mail")
    ERRORS = "errors", _("Reports of errors")


class CompanyBlock(blocks.StructBlock):
    """A company that the text names, in a form that the settings can be compared with before a deployment."""

    name = blocks.CharBlock(label=_("name"), max_length=80, help_text=_("As it stands in the text."))
    service = blocks.ChoiceBlock(label=_("what it does for us"), choices=Service.choices)
    purpose = blocks.CharBlock(label=_("what for, in words"), max_length=200, required=False)
    host = blocks.CharBlock(
        label=_("host name"),
        max_length=120,
        required=False,
        help_text=_("What its host names end with, as in the settings; only for a company that PixlPix does not know."),
    )

    class Meta:
        icon = "group"
        label = _("company")


class PolicyQuerySet(models.QuerySet):
    """Words for policy versions."""

    def published(self):
        return self.filter(published_at__isnull=False)

    def current(self):
        """The version in force, or None before the first was published."""
        return self.published().order_by("-number").first()

    def update(self, **kwargs):
        """Raises ValidationError where that would change the text of a published version."""
        if UNCHANGEABLE & kwargs.keys() and self.published().exists():
            raise ValidationError(published_text_stays())
        return super().update(**kwargs)

    def delete(self):
        """Raises ValidationError where a published version is among them."""
        if self.published().exists():
            raise ValidationError(published_text_stays())
        return super().delete()


# What a published version keeps for good: members accepted exactly this.
UNCHANGEABLE = {"number", "title", "text", "companies", "text_sha256", "is_minor", "binding_number", "published_at"}


def published_text_stays():
    return gettext("A published version never changes: members accepted it as it is. Write a new version instead.")


class PolicyVersion(models.Model):
    """One version of the policy on data. A draft until it is published; then its text never changes again."""

    number = models.PositiveIntegerField(_("number"), unique=True, null=True, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=120, default=_("How we handle what you give us"))
    text = RichTextField(_("text"), features=["h2", "h3", "bold", "italic", "ul", "ol", "link"])
    summary = models.TextField(
        _("what changed"), blank=True, max_length=500, help_text=_("One or two sentences; members are shown these.")
    )
    # Null where a version was written before there was such a list.
    companies = StreamField(
        [("company", CompanyBlock())],
        verbose_name=_("companies"),
        null=True,
        blank=True,
        help_text=_("Every company that the text names. A deployment that hands data to any other is stopped."),
    )
    is_minor = models.BooleanField(
        _("minor"), default=False, help_text=_("A typing mistake was mended: nobody is asked to accept again.")
    )
    # SHA-256 of the text as it is shown; set when published.
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # The number of the newest version that was not minor, this one included: whoever accepted that is not asked again.
    binding_number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["-number", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True)
                | models.Q(number__isnull=False, binding_number__isnull=False) & ~models.Q(text_sha256=""),
                name="published_policy_has_number_and_hash",
            )
        ]

    def __str__(self):
        if self.published_at is None:
            return f"{self.title} ({_('draft')})"
        return _("%(title)s, version %(number)s") % {"title": self.title, "number": self.number}

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._as_loaded = {name: instance.__dict__.get(name) for name in UNCHANGEABLE & set(field_names)}
        return instance

    def save(self, *args, **kwargs):
        """Raises ValidationError for a change to what was published; the action `publish_policy` publishes."""
        loaded = getattr(self, "_as_loaded", {})
        if loaded.get("published_at") and any(getattr(self, name) != value for name, value in loaded.items()):
            raise ValidationError(published_text_stays())
        super().save(*args, **kwargs)
        self._as_loaded = {name: getattr(self, name) for name in UNCHANGEABLE}

    def delete(self, *args, **kwargs):
        """A draft goes; raises ValidationError for a published version."""
        if self.published_at is not None:
            raise ValidationError(published_text_stays())
        return super().delete(*args, **kwargs)

    def company_entries(self):
        """[{"name", "service", "purpose", "host"}] of the companies that the text names."""
        names = ("name", "service", "purpose", "host")
        return [{name: block.value.get(name) or "" for name in names} for block in self.companies or ()]

    def shown_text(self):
        """The text as the consent step shows it: HTML, cleaned. Its hash stands in the consent record.

        Publishing keeps the text in this form, so that no later change of a linked page changes what was accepted.
        """
        return self.text if self.published_at else shown(self.text)

    def hash_of_text(self):
        """SHA-256 of the text shown, as 64 hexadecimal digits."""
        return hashlib.sha256(self.shown_text().encode()).hexdigest()


class ConsentRecord(models.Model):
    """Who accepted which version of the policy, by the hash of the text shown, and when. Never changed, and kept as
    long as the member's row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="consent_records", verbose_name=_("member")
    )
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", verbose_name=_("policy version"))
    text_sha256 = models.CharField(_("SHA-256 of the text shown"), max_length=64)
    minimum_age = models.PositiveSmallIntegerField(_("confirmed to be at least this old"))
    accepted_at = models.DateTimeField(_("accepted"), auto_now_add=True)

    # Written with every account: an index of references would queue work at each.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        constraints = [
            models.UniqueConstraint(fields=["user", "policy"], name="one_consent_per_member_and_policy_version")
        ]

    def __str__(self):
        return f"{self.user} · {self.policy}"
