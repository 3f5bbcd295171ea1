"""Where the rules stand that a decision can name: the page of the staff's at /guidelines/ (home.migrations)."""

from dataclasses import dataclass

from .models.cases import Category

ADDRESS = "/guidelines/"


@dataclass(frozen=True)
class Rule:
    """A rule as people read it, and where it stands (a path)."""

    label: str
    address: str


def rule_of(category):
    """The Rule for a Category; None for what is none."""
    if category not in Category.values:
        return None
    return Rule(str(Category(category).label), address_of_rule(category))


def address_of_rule(category):
    """Where the rule for a Category stands; the top of the page for what is none."""
    return f"{ADDRESS}#rule-{category}" if category in Category.values else ADDRESS
