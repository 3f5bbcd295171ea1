"""Finding rows by the tokens in a column of theirs: see `text.py`, which cuts what people write and what they look for."""

from django.db.models import BooleanField, F, Func, Value

MOST = 10  # words of what is looked for; those behind them narrow nothing


class Holds(Func):
    """Whether `column`, tokens joined by spaces, holds every one of `words`: a condition for `filter`.

    PostgreSQL answers from an index on the column as `ARRAY_OF` has it; SQLite looks into each row.
    """

    output_field = BooleanField()
    ARRAY_OF = "string_to_array({}, ' ')"

    def __init__(self, column, words):
        super().__init__(F(column), *(Value(word) for word in words[:MOST]))

    def as_postgresql(self, compiler, connection, **extra):
        column, *words = (compiler.compile(expression) for expression in self.source_expressions)
        wanted = ", ".join(f"({sql})::text" for sql, _values in words)
        return f"{self.ARRAY_OF.format(column[0])} @> ARRAY[{wanted}]", [*column[1], *values_of(words)]

    def as_sqlite(self, compiler, connection, **extra):
        column, *words = (compiler.compile(expression) for expression in self.source_expressions)
        each = " AND ".join(f"instr(' ' || {column[0]} || ' ', ' ' || {sql} || ' ') > 0" for sql, _values in words)
        return f"({each})", [value for word in words for value in (*column[1], *word[1])]


def values_of(compiled):
    return [value for _sql, values in compiled for value in values]
