"""One office a test module and set of engines: making it takes most of a second."""

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.http.office import Office, open_office
from tests.servers.engines import Engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> Iterator[Office]:
    """An empty office with its procedures and one account for each role."""
    with open_office(tmp_path_factory.mktemp("office"), engines=engines) as made:
        yield made


@pytest.fixture
def officer(office: Office) -> Iterator[httpx.Client]:
    """An officer's calls; of the office that the module has of its own, where it has one."""
    with office.client("officer") as client:
        yield client
