"""Fixtures of the tests of signing."""

from tests.unit.signing.office import authority, certified, officer, order, organisation

__all__ = ["authority", "certified", "officer", "order", "organisation"]
