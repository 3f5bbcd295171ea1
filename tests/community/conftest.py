"""What tests of receipts ask for."""

from tests.receipts_world import site

__all__ = ["site"]
