"""The deployment files as the programs that read them see them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import yaml
from typer.main import get_command

from api.cli.main import app
from tests.deploy.checking import ROOT, check

DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="session", params=["", "signing"])
def compose(request: pytest.FixtureRequest) -> dict[str, Any]:
    """deploy/compose.yaml, loaded and written out as ``docker compose config`` does.

    By itself, and with the overlay of an office that signs.
    """
    files = [DEPLOY / "compose.yaml"]
    if request.param:
        files.append(DEPLOY / f"compose.{request.param}.yaml")
    done = check("compose", DEPLOY / "compose.env.example", *files)
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = yaml.safe_load(done.stdout)
    return loaded


@pytest.fixture(scope="session", params=["base", "example"])
def objects(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """The Kubernetes objects as ``kubectl apply -k`` would send them."""
    done = check("kustomize", DEPLOY / "kubernetes" / request.param)
    assert done.returncode == 0, done.stderr
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def parses(words: Sequence[str]) -> Mapping[str, Any]:
    """The options of a ``sohoa`` command line, parsed by the program's own parser.

    Raises:
        Exception: there is no such command or option.
    """
    command = get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    parsed: Mapping[str, Any] = command.make_context(words[0], list(words[1:])).params
    return parsed
