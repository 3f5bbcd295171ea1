"""The words there are for decisions, as the page of a case offers them."""

from gallery.rows import Rows

from ..carrying_out import ACTS
from ..models import DecisionTemplate

COLUMNS = ("pk", "act", "rule", "name", "text")  # what choosing among them needs


def with_words(cases):
    """`cases`, each with the words there are for decisions: `words_of` asks for none then."""
    return cases.annotate(words=Rows(DecisionTemplate.objects.order_by("act", "rule", "name"), *COLUMNS))


def words_of(case):
    """The DecisionTemplates for the decisions that there are of `case`. No query for one of `with_words`."""
    acts = ACTS[case.kind]
    if not hasattr(case, "words"):
        return list(DecisionTemplate.objects.filter(act__in=acts))
    templates = (DecisionTemplate(**dict(zip(COLUMNS, row, strict=True))) for row in case.words)
    return [template for template in templates if template.act in acts]
