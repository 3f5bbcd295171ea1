"""Where the rules stand that a decision can name: the page of the staff's at /guidelines/ (home.migrations)."""

from .models.cases import Category

ADDRESS = "/guidelines/"


def address_of_rule(category):
    """Where the rule for a Category stands; the top of the page for what is none."""
    return f"{ADDRESS}#rule-{category}" if category in Category.values else ADDRESS
