"""Tools as a laptop has them, one mother process for the whole module."""

from collections.abc import Iterator

import pytest

from api.settings import Settings
from api.wiring import open_tools
from ingest.tools import Tools


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    home = tmp_path_factory.mktemp("home")
    with open_tools(Settings(home=home), sign=False) as made:
        yield made
