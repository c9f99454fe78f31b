"""Trying a document type on samples: what it would extract, and whether that is what is expected.

Beside a sample ``giấy phép 1.pdf`` may stand ``giấy phép 1.expected.toml``::

    type = "licence"
    [fields]
    number_symbol = "12/GP-SKHCN"
    secrecy = ""                  # must not be found
    [facts]
    charter_capital = "5000000000 VND"

What was read of a sample is kept as JSON in a folder of the caller's, under the hash of its
bytes and of what read it, so that a changed type file is tried again without reading again.
Nothing enters the catalogue.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ingest.identify import media_type
from ingest.laptop import FolderShelf, Input, receive
from ingest.reading import page_numbers_of, read_all
from ingest.tools import Tools
from ocr.types import Catalogue, DocumentType, TypedReading, extract_for_type, recognise_type
from vocabulary.errors import Stopped, UsageError
from vocabulary.papers import FIELD_NAMES, FieldValue, PageReading
from vocabulary.text import nfc

SUFFIX: Final = ".expected.toml"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a sample should give; an empty value must not be found."""

    type: str | None
    fields: Mapping[str, str | tuple[str, ...]]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation: what was wanted, what was found."""

    name: str
    wanted: str
    found: str

    @property
    def met(self) -> bool:
        return _plain(self.wanted) == _plain(self.found)


@dataclass(frozen=True, slots=True)
class Trial:
    """One sample: what it was recognised as, what the tried type extracts, expectations.

    ``stopped`` is set, and ``reading`` is None, where the file could not be read.
    """

    path: Path
    reading: TypedReading | None
    stopped: Stopped | None = None
    outcomes: tuple[Outcome, ...] = ()
    cached: bool = False

    @property
    def failed(self) -> bool:
        """Whether an expectation was not met."""
        return not all(one.met for one in self.outcomes)


def samples_in(folder: Path) -> list[Path]:
    """The samples of a folder and of those in it, without expectations and hidden files.

    Raises:
        UsageError: there is none.
    """
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".toml" and not path.name.startswith(".")
    )
    if not found:
        raise UsageError(
            f"Không có tệp mẫu nào trong «{folder}».", f"There is no sample in {str(folder)!r}."
        )
    return found


def try_type_on(
    kind: DocumentType,
    catalogue: Catalogue,
    samples: Sequence[Path],
    tools: Tools,
    cache: Path | None,
) -> Iterator[Trial]:
    """Each sample read, recognised among all types, and extracted by the tried one."""
    for path in samples:
        expected = expected_of(path)
        try:
            pages, cached = read_sample(path, tools, cache)
        except Stopped as stop:
            yield Trial(path, None, stop, _outcomes(expected, None))
            continue
        reading = extract_for_type(pages, kind, tools.thresholds)
        match = recognise_type(pages, catalogue)
        reading = reading.recognised_as(match)
        yield Trial(path, reading, None, _outcomes(expected, reading), cached)


def expected_of(sample: Path) -> Expected | None:
    """What stands beside the sample, None where nothing does.

    Raises:
        UsageError: the file is not as it should be.
    """
    path = sample.with_name(f"{sample.stem}{SUFFIX}")
    if not path.exists():
        return None
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: không đúng cú pháp TOML: {error}", f"{path}: is not TOML: {error}"
        ) from None
    fields, facts = data.get("fields", {}), data.get("facts", {})
    kind = data.get("type")
    tables = isinstance(fields, dict) and isinstance(facts, dict)
    unknown = sorted(set(data) - {"type", "fields", "facts"})
    unknown += sorted(set(fields) - set(FIELD_NAMES)) if tables else ["fields"]
    if unknown or not isinstance(kind, str | None):
        wrong = ", ".join(unknown) or "type"
        raise UsageError(
            f"{path}: không hiểu «{wrong}». Tệp gồm type = …, [fields] với các trường "
            f"{', '.join(FIELD_NAMES)} và [facts].",
            f"{path}: {wrong!r} means nothing here. It has type = …, [fields] and [facts].",
        )
    return Expected(
        kind,
        {name: tuple(value) if isinstance(value, list) else str(value)
         for name, value in fields.items()},
        {name: str(value) for name, value in facts.items()},
    )  # fmt: skip


def _outcomes(expected: Expected | None, reading: TypedReading | None) -> tuple[Outcome, ...]:
    if expected is None:
        return ()
    found: list[Outcome] = []
    if expected.type is not None:
        seen = reading.match.key if reading and reading.match else ""
        found.append(Outcome("type", expected.type, seen))
    for name, wanted in expected.fields.items():
        value = reading.fields.get(name) if reading else None
        found.append(Outcome(name, _joined(wanted), shown(value)))
    for name, text in expected.facts.items():
        fact = reading.facts.get(name) if reading else None
        found.append(Outcome(name, text, fact.value if fact else ""))
    return tuple(found)


def shown(value: FieldValue | None) -> str:
    """A field's value on one line, "" where there is none."""
    return _joined(value.value) if value else ""


def _joined(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "; ".join(str(one) for one in value)


def _plain(text: str) -> str:
    return " ".join(nfc(text).split())


def read_sample(
    path: Path, tools: Tools, cache: Path | None
) -> tuple[tuple[PageReading, ...], bool]:
    """The pages of a sample, and whether they were read before.

    Raises:
        Stopped: it cannot be read.
    """
    item = Input(path, path.name, path.parent, path.stem)
    received = receive(item)
    kept = None if cache is None else cache / f"{_name(received.sha256, tools.made_by)}.json"
    if kept is not None and kept.exists():
        try:
            data = json.loads(kept.read_text(encoding="utf-8"))
            return tuple(PageReading.from_json(page) for page in data), True
        except (ValueError, KeyError, TypeError):
            kept.unlink()  # of another version, or half written by a full disk
    kind = media_type(path)
    numbers = page_numbers_of(received, kind, tools)
    shelf = FolderShelf.without_members(item)
    pages = read_all(path, kind, numbers, tools, shelf)
    if kept is not None:
        _keep(kept, [page.to_json() for page in pages])
    return pages, False


def _name(sha256: str, made_by: Mapping[str, str]) -> str:
    """Names the bytes and the program that read them: another version reads again.

    The types do not count: what they are tried on is the reading, which they do not change.
    """
    reader = json.dumps({**made_by, "types": None}, sort_keys=True)
    return hashlib.sha256(f"{sha256}|{reader}".encode()).hexdigest()


def _keep(path: Path, data: Any) -> None:
    """Written aside and renamed, for its owner alone: samples are people's papers."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(f".{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(data, out, ensure_ascii=False)
    part.replace(path)
