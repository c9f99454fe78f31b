"""The handbook says what the code is: tables, commands, addresses and links are held against it.

Each failing test prints what has to stand in the document, ready to be pasted.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.access import TABLE, Role
from api.cli.main import app
from api.settings import Settings
from signing.validation.remarks import REMARKS
from vocabulary.reasons import REASONS

GUIDES = (
    "clerk.md",
    "officer.md",
    "integrator.md",
    "integrate.md",
    "operator.md",
    "operate.md",
    "security.md",
    "trust.md",
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def doc(root: Path, name: str) -> str:
    return (root / "docs" / name).read_text(encoding="utf-8")


def missing(rows: list[str], text: str) -> str:
    """The rows that the document lacks, as they have to stand there."""
    lines = set(text.splitlines())
    return "\n".join(row for row in rows if row not in lines)


def settings_rows() -> list[str]:
    def default(field: Any) -> str:
        if field.default_factory is not None:
            return "of the machine" if field.annotation is int else "built in"
        return "none" if field.default in (None, (), "") else f"`{field.default}`"

    return [
        f"| `SOHOA_{name.upper()}` | {default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def rights_rows() -> list[str]:
    heads = " | ".join(str(role) for role in Role)
    return [
        f"| right | {heads} |",
        *(
            f"| `{right}` | {' | '.join('yes' if role in roles else '' for role in Role)} |"
            for right, roles in TABLE.items()
        ),
    ]


def command_names(command: Any = None, path: str = "sohoa") -> Iterator[str]:
    command = get_command(app) if command is None else command
    members = getattr(command, "commands", None)
    if members is None:
        yield path
        return
    for name, member in members.items():
        yield from command_names(member, f"{path} {name}")


def anchor(heading: str) -> str:
    """The name that a heading gets in an address (as GitHub makes it)."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def test_every_setting_is_told_with_its_default(root: Path) -> None:
    assert not missing(settings_rows(), doc(root, "operator.md"))


def test_every_reason_is_told_to_operators(root: Path) -> None:
    rows = [f"| `{one.code}` | {one.en} |" for one in REASONS.values()]
    assert not missing(rows, doc(root, "operator.md"))


def test_every_reason_is_told_to_clerks(root: Path) -> None:
    rows = [f"| `{one.code}` | {one.vi} |" for one in REASONS.values()]
    assert not missing(rows, doc(root, "clerk.md"))


def test_every_remark_on_a_signature_is_told_to_officers(root: Path) -> None:
    rows = [f"| `{one.code}` | {one.vi} |" for one in REMARKS.values()]
    assert not missing(rows, doc(root, "officer.md"))


def test_rights_are_those_of_the_table_and_no_others(root: Path) -> None:
    text = doc(root, "security.md")
    assert not missing(rights_rows(), text)
    told = re.findall(r"^\| `(\w+)` \|", text.partition("## Rights")[2].partition("\n## ")[0], re.M)
    assert told == [str(right) for right in TABLE]


def test_every_command_is_named(root: Path) -> None:
    text = "".join(doc(root, name) for name in GUIDES)
    lacking = [name for name in command_names() if name not in text]
    assert not lacking


def test_no_command_is_invented(root: Path) -> None:
    """What stands as ``sohoa x`` in a guide is a command, an option or a group of the program."""
    known = set(command_names())
    known |= {" ".join(name.split()[:2]) for name in known}
    for name in GUIDES:
        for called in re.findall(r"sohoa ([a-z][a-z-]+)", "\n".join(code_of(doc(root, name)))):
            assert f"sohoa {called}" in known, f"{name}: sohoa {called}"


def code_of(text: str) -> list[str]:
    """What a guide shows as code: blocks and inline."""
    plain = CODE_BLOCK.sub("", text)
    return CODE_BLOCK.findall(text) + re.findall(r"`[^`\n]+`", plain)


def addresses() -> Iterator[str]:
    from api.http import app as faces  # heavy: only this test needs the whole face

    for area in faces._AREAS:
        for route in area.routes.routes:
            if getattr(route, "include_in_schema", False):
                for method in sorted(route.methods - {"HEAD"}):
                    yield f"{method} {route.path}"


def test_every_address_stands_in_the_integrators_guide(root: Path) -> None:
    text = doc(root, "integrator.md")
    assert not [one for one in addresses() if f"`{one}`" not in text]


@pytest.mark.parametrize("name", GUIDES)
def test_links_between_documents_lead_somewhere(root: Path, name: str) -> None:
    folder = root / "docs"
    for target in LINK.findall(CODE_BLOCK.sub("", doc(root, name))):
        if "://" in target:
            continue
        path, _, place = target.partition("#")
        file = (folder / path).resolve() if path else folder / name
        assert file.exists(), f"{name}: {target}"
        if place:
            known = [anchor(one) for one in HEADING.findall(file.read_text(encoding="utf-8"))]
            assert place in known, f"{name}: {target}, known: {known}"


@pytest.mark.parametrize("name", GUIDES)
def test_the_guides_name_no_place_of_a_developers_machine(root: Path, name: str) -> None:
    assert not re.search(r"(?<![\w.])/(work|tmp|root|home)/", doc(root, name))


def test_every_remark_stands_in_the_guide_to_trust(root: Path) -> None:
    text = doc(root, "trust.md")
    for remark in REMARKS.values():
        assert f"| `{remark.code}` | {remark.vi} | {remark.en} |" in text
