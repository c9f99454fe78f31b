"""Fixtures of the tests of signing."""

from tests.integration.signing.soft_tokens import soft_token
from tests.unit.signing.office import authority, certified, officer, order, organisation

__all__ = ["authority", "certified", "officer", "order", "organisation", "soft_token"]
