"""One office a test module: making it takes most of a second."""

from collections.abc import Iterator

import pytest

from tests.integration.http.office import Office, open_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An empty office with its procedures and one account for each role."""
    with open_office(tmp_path_factory.mktemp("office")) as made:
        yield made
