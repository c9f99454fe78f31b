"""Builds the judges once into the repository's ignored cache folder.

The folder carries a digest of the sources, so that a changed pom or main is
built anew and an unchanged one never.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache" / "judges"
INSTALL = "apt-get install -y openjdk-17-jdk-headless maven"


def class_path() -> str:
    """The class path of the built judges, building them if need be.

    Fails with the command that installs what is missing.
    """
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise RuntimeError(f"the judges need {program}: {INSTALL}")
    built = CACHE / f"judges-{_digest()}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs may start at once
        if not built.exists():
            _build(built)
    return f"{built / 'judges-1.jar'}{os.pathsep}{built / 'lib'}/*"


def _digest() -> str:
    digest = hashlib.sha256()
    for source in [HERE / "pom.xml", *sorted((HERE / "src").rglob("*.java"))]:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:12]


def _build(built: Path) -> None:
    trial = built.with_suffix(".part")
    shutil.rmtree(trial, ignore_errors=True)
    command = ["mvn", "-q", "-B", "-ntp", "-f", str(HERE / "pom.xml")]
    done = subprocess.run(
        [*command, f"-Djudges.out={trial}", "package"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(
            "the judges could not be built; Maven Central must be reachable once:\n"
            + (done.stdout + done.stderr)[-3000:]
        )
    trial.rename(built)
