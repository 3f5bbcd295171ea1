"""The databases' search engines, behind one interface: see base.py."""

from django.db import connections

from .base import Engine
from .postgresql import PostgreSQLEngine
from .sqlite import SQLiteEngine

ENGINES = {"sqlite": SQLiteEngine, "postgresql": PostgreSQLEngine}


def engine_of(alias="default"):
    """The Engine of the database with this alias. Raises KeyError for a kind of database that has none."""
    connection = connections[alias]
    return ENGINES[connection.vendor](connection)


__all__ = ["ENGINES", "Engine", "PostgreSQLEngine", "SQLiteEngine", "engine_of"]
