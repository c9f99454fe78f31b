"""Fixtures of the tests of signing."""

from pathlib import Path

import pytest

from ocr.compose import compose_pdfa
from tests.integration.pdfa.papers import INFO, encoded, paper
from tests.integration.signing.soft_tokens import soft_token
from tests.unit.signing.office import authority, certified, officer, order, organisation

__all__ = ["authority", "certified", "officer", "order", "organisation", "soft_token"]


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan as the pipeline composes it."""
    folder = tmp_path_factory.mktemp("composed")
    scan = paper()
    (folder / "scan.jpg").write_bytes(encoded(scan.image, "JPEG", quality=70))
    compose_pdfa(folder / "scan.jpg", "image/jpeg", [scan.reading], INFO, folder / "scan.pdf")
    return folder / "scan.pdf"
