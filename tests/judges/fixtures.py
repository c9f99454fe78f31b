"""pytest fixtures: ``verapdf(paths)`` and ``dss(paths, trust=...)``.

Named in ``tests/conftest.py`` as a plugin. A machine without java or maven
fails the tests that ask for a judge, with the command to install them.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from tests.judges.verdicts import DssVerdict, Verdict
from tests.judges.warm import WarmJudge


class VeraPdf(Protocol):
    """Judges files against a PDF/A flavour ("auto": the one that the file claims)."""

    def __call__(self, paths: Sequence[Path], flavour: str = "2b") -> list[Verdict]: ...


class Dss(Protocol):
    """Judges signed files; ``no_revocation``: absent revocation data is only a warning."""

    def __call__(
        self,
        paths: Sequence[Path],
        trust: Sequence[Path] = (),
        crls: Sequence[Path] = (),
        no_revocation: bool = False,
        at: datetime | None = None,
    ) -> list[DssVerdict]: ...


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VeraPdf]:
    """veraPDF in a warm JVM."""
    judge = WarmJudge("Vera", tmp_path_factory.mktemp("verapdf") / "stderr")

    def verdicts(paths: Sequence[Path], flavour: str = "2b") -> list[Verdict]:
        return [
            Verdict.of(path, judge.ask([("file", str(path)), ("flavour", flavour)]))
            for path in paths
        ]

    yield verdicts
    judge.close()


@pytest.fixture(scope="session")
def dss(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dss]:
    """EU DSS in a warm JVM; never goes online."""
    judge = WarmJudge("Dss", tmp_path_factory.mktemp("dss") / "stderr")

    def verdicts(
        paths: Sequence[Path],
        trust: Sequence[Path] = (),
        crls: Sequence[Path] = (),
        no_revocation: bool = False,
        at: datetime | None = None,
    ) -> list[DssVerdict]:
        shared = [("trust", str(path)) for path in trust] + [("crl", str(path)) for path in crls]
        if no_revocation:
            shared.append(("norev", "true"))
        if at is not None:
            shared.append(("time", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")))
        return [DssVerdict.of(path, judge.ask([("file", str(path)), *shared])) for path in paths]

    yield verdicts
    judge.close()
