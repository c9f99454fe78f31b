"""Every code that the program can raise, found by reading its own source.

``python -m tests.unit.house.raised_codes`` writes the table of codes anew
(``api/error_codes.json``), from which the API's description is made.
"""

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api import problems
from vocabulary import errors
from vocabulary.reasons import REASONS

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "api" / "error_codes.json"
ROOMS = ("vocabulary", "repository", "ocr", "signing", "ingest", "api")
CODE = re.compile(r"[a-z][a-z0-9_]*")
MAKERS = {"_missing": "MissingPart", "refused": "NotAllowed", "_conflict": "Conflict"}
"""Small functions that make an error of a code they are given first."""
PAIRS = {"_CONFLICTS": "Conflict", "_gone": "Conflict"}
"""Tables of sentences by code: name of the table, or of the function in which it stands."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One place where a code is raised: class of the error, English sentence, file."""

    code: str
    kind: str
    said: str
    file: str


def raised() -> list[Raised]:
    """Every place, by file."""
    found = [
        Raised(one.code, "Stopped", one.en, "vocabulary/reasons.py") for one in REASONS.values()
    ]
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            found += _of_module(ast.parse(path.read_text("utf-8")), name)
    return [one for one in found if CODE.fullmatch(one.code)]


def table() -> dict[str, dict[str, object]]:
    """Code to HTTP status and English sentence; what HTTP itself says stands in it, too."""
    told: dict[str, dict[str, object]] = {}
    for one in raised():
        if one.said:
            told.setdefault(one.code, {"status": _status(one), "said": one.said})
    for one in raised():  # where the sentence is made elsewhere, what the class says
        told.setdefault(one.code, {"status": _status(one), "said": _of_the_class(one.kind)})
    for status in (400, 404, 405, 413):
        problem = problems.from_status(status)
        told.setdefault(problem.code, {"status": status, "said": problem.detail_en})
    gone_wrong = problems.unexpected("…")
    told.setdefault(gone_wrong.code, {"status": 500, "said": gone_wrong.detail_en})
    return dict(sorted(told.items()))


def _of_the_class(kind: str) -> str:
    text = inspect.getdoc(getattr(errors, kind, errors.SohoaError)) or ""
    return text.partition("\n")[0].replace("``detail['field']`` names it", "it is named")


def _status(one: Raised) -> int:
    kind = getattr(errors, one.kind, errors.SohoaError)
    if one.kind == "Stopped":
        return problems.status_of(errors.Stopped(one.code))
    error: errors.SohoaError = kind("", "", code=one.code)
    return problems.status_of(error)


def _of_module(tree: ast.Module, file: str) -> Iterator[Raised]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node, file)
        elif isinstance(node, ast.ClassDef):
            yield from _of_class(node, file)
        elif isinstance(node, ast.AnnAssign) and _name(node.target) in PAIRS:
            yield from _of_pairs(node.value, PAIRS[_name(node.target)], file)
        elif isinstance(node, ast.FunctionDef) and node.name in PAIRS:
            for below in ast.walk(node):
                if isinstance(below, ast.Dict):
                    yield from _of_pairs(below, PAIRS[node.name], file)


def _of_call(node: ast.Call, file: str) -> Iterator[Raised]:
    kind = _name(node.func)
    if kind in MAKERS and node.args and isinstance(node.args[0], ast.Constant):
        said = _text(node.args[2]) if len(node.args) > 2 else ""
        yield Raised(str(node.args[0].value), MAKERS[kind], said, file)
        return
    for keyword in node.keywords:
        value = keyword.value
        if (
            keyword.arg == "code"
            and isinstance(value, ast.Constant)
            and isinstance(value.value, str)
        ):
            said = _text(node.args[1]) if len(node.args) > 1 else ""
            yield Raised(value.value, kind, said, file)


def _of_class(node: ast.ClassDef, file: str) -> Iterator[Raised]:
    """The code that a class of the error tree has of itself; its docstring is the sentence."""
    if not hasattr(errors, node.name) or node.name in ("SohoaError", "Stopped"):
        return
    for part in node.body:
        if isinstance(part, ast.Assign) and _name(part.targets[0]) == "code":
            said = (ast.get_docstring(node) or "").partition(";")[0]
            yield Raised(_text(part.value), node.name, said, file)


def _of_pairs(value: ast.expr | None, kind: str, file: str) -> Iterator[Raised]:
    if isinstance(value, ast.Dict):
        for key, told in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(told, ast.Tuple):
                yield Raised(str(key.value), kind, _text(told.elts[1]), file)


def _name(node: ast.AST | None) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _text(node: ast.expr) -> str:
    """A sentence as it stands; what is put into it later is shown as an ellipsis."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(one) if isinstance(one, ast.Constant) else "…" for one in node.values)
    return ""


if __name__ == "__main__":
    text = json.dumps(table(), ensure_ascii=False, indent=1) + "\n"
    TABLE.write_text(text, "utf-8")
    sys.stdout.write(f"{len(table())} codes\n")
