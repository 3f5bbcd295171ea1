"""Whether a decision is being carried out, and the rule that it names: for what is written down and told meanwhile."""

from contextlib import contextmanager
from contextvars import ContextVar

_rule = ContextVar(
    "rule", default=None
)  # None while nobody decides; "" for a decision without a rule, and for undoing one


@contextmanager
def deciding(rule=""):
    """What staff's acts do in here belongs to a decision that is written down already, for breaking `rule`, a Category."""
    token = _rule.set(rule)
    try:
        yield
    finally:
        _rule.reset(token)


def is_deciding():
    return _rule.get() is not None


def rule_told():
    """What a notice to the member says of the rule that was broken: {"rule": Category}, or nothing where none is named."""
    return {"rule": str(_rule.get())} if _rule.get() else {}
