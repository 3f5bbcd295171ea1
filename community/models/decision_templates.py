"""What members are told of decisions, ready to use: written by administrators, so that moderators say it alike."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .cases import Category, Decision

RULE = "{rule}"  # where the rule that was broken goes


class DecisionTemplate(models.Model):
    """Words for one decision, for whichever rule or for one. Where a moderator writes nothing, they are what is told."""

    name = models.CharField(_("name"), max_length=80)
    act = models.CharField(_("decision"), max_length=10, choices=Decision.Act.choices)
    rule = models.CharField(
        _("rule"),
        max_length=12,
        choices=Category.choices,
        blank=True,
        help_text=_("Nothing here: for every rule that has no words of its own."),
    )
    text = models.TextField(
        _("what the member is told"), max_length=2000, help_text=_("{rule} stands for the rule that was broken.")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("words for a decision")
        verbose_name_plural = _("words for decisions")
        ordering = ["act", "rule", "name"]
        constraints = [
            models.UniqueConstraint(fields=["act", "rule", "name"], name="words_for_a_decision_have_a_name"),
        ]

    def __str__(self):
        return self.name

    def filled(self, rule):
        """The words, with the rule that was broken in its place."""
        label = Category(rule).label if rule in Category.values else ""
        return self.text.replace(RULE, str(label))

    @classmethod
    def usual(cls, act, rule):
        """The words that a decision tells where its moderator wrote none: those of the rule before those of any; or ""."""
        found = {
            template.rule: template for template in cls.objects.filter(act=act, rule__in=("", rule)).order_by("-pk")
        }
        template = found.get(rule) or found.get("")
        return template.filled(rule) if template else ""
