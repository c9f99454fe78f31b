"""Prints the part of requirements.lock that the product needs, without what only the tests need.

``python deploy/product_lock.py > product.lock``; with names of packages: those alone. Versions
and hashes stay those of the lock. What needs what is read from the ``# via`` lines of the lock.
Standard library only: it runs before anything is installed.
"""

import re
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_HEAD: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==")
_NAME: Final = re.compile(r"^[A-Za-z0-9._-]+")


def entries(lock: str) -> dict[str, str]:
    """Package name -> its lines of the lock."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        head = _HEAD.match(line)
        if head:
            name = _normal(head[1])
        if name:
            found[name] = found.get(name, "") + line
    return found


def product_lock(lock: str, pyproject: str) -> str:
    """The entries that ``[project]`` names, extras too, and what they lead to, in order.

    Raises:
        ValueError: a dependency of the project is not in the lock.
    """
    packages = entries(lock)
    project = tomllib.loads(pyproject)["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(one for extra in extras for one in extra)]
    wanted = {_normal(_NAME.match(one)[0]) for one in named}  # type: ignore[index]
    if lacking := wanted - set(packages):
        raise ValueError(f"not in the lock: {', '.join(sorted(lacking))}")
    while True:
        more = {
            name
            for name, text in packages.items()
            if name not in wanted and _needed_by(text) & wanted
        }
        if not more:
            return "".join(text for name, text in packages.items() if name in wanted)
        wanted |= more


def _needed_by(text: str) -> set[str]:
    via = text.partition("# via")[2]
    return {_normal(name) for name in re.findall(r"[A-Za-z0-9._-]+", via)}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(names: list[str]) -> str:
    """The product's entries, or those of the packages named."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    if names:
        found = entries(lock)
        return "".join(found[_normal(name)] for name in names)
    return product_lock(lock, (ROOT / "pyproject.toml").read_text("utf-8"))


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
