"""One office a test module: making it takes most of a second."""

from collections.abc import Iterator

import pytest

from tests.integration.http.office import Office, open_office


@pytest.fixture(scope="module")
def office(request, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An empty office with its procedures and one account for each role."""
    url = request.getfixturevalue("postgresql").database()
    with open_office(tmp_path_factory.mktemp("office"), database_url=url) as made:
        yield made
