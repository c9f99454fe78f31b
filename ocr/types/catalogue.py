"""All types an installation knows: those that are shipped, and over them the office's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType

from ocr.types.loader import try_type
from ocr.types.model import DocumentType
from ocr.types.paper import phrase_key
from ocr.types.problems import Problem

SUFFIX = ".toml"


@dataclass(frozen=True)
class Catalogue:
    """Types by key. ``problems``: files of the office that could not be used, and why.

    ``replaced``: keys of shipped types in whose place a file of the office stands.
    """

    types: Mapping[str, DocumentType]
    problems: tuple[Problem, ...] = ()
    replaced: tuple[str, ...] = ()
    folder: Path | None = None

    def __iter__(self) -> Iterator[DocumentType]:
        return iter(self.types.values())

    def __len__(self) -> int:
        return len(self.types)

    def get(self, key: str | None) -> DocumentType | None:
        """The type of this key, None where there is none."""
        return self.types.get(key) if key else None

    @property
    def made_by(self) -> dict[str, str]:
        """What records say of the office's own types; nothing where there are none.

        Changes with the types, so that files read by other types are read again.
        """
        own = [
            repr(self.types[name]) for name in sorted(self.types) if not self.types[name].shipped
        ]
        return {"types": sha256("\n".join(own).encode()).hexdigest()[:16]} if own else {}

    def with_type(self, one: DocumentType) -> "Catalogue":
        """This catalogue with a type added, or put in the place of one of its key."""
        return Catalogue({**self.types, one.key: one}, self.problems, self.replaced, self.folder)


@dataclass
class _Shelf:
    types: dict[str, DocumentType] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)


@cache
def shipped_catalogue() -> Catalogue:
    """The types of this package."""
    shelf = _Shelf()
    with as_file(files("ocr.types") / "shipped") as folder:
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            found, problems = try_type(path, shipped=True)
            if found is None:  # our own file: a test holds them all
                raise AssertionError(problems)
            shelf.types[found.key] = found
    return Catalogue(MappingProxyType(shelf.types))


def load_catalogue(folder: Path | None) -> Catalogue:
    """The shipped types with the office's own from ``folder`` (files ``*.toml``, not below it).

    A type of the office takes the place of the shipped one of its key. A file that is wrong, or
    whose key another file of the office has, is left out and told of in ``problems``: one
    mistake must not stop the reading of every other paper.
    """
    base = shipped_catalogue()
    if folder is None or not folder.is_dir():
        return base
    shelf = _Shelf(dict(base.types))
    own: dict[str, DocumentType] = {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        found, problems = try_type(path)
        shelf.problems += problems
        if found is None:
            continue
        if found.key in own:
            first = Path(own[found.key].source).name
            vi = f"key «{found.key}» đã có trong {first}: hãy đổi key hoặc bỏ một tệp"
            en = f"the key {found.key!r} is in {first} already: change it, or drop a file"
            shelf.problems.append(Problem(str(path), 0, "key", vi, en))
            continue
        own[found.key] = found
        if found.key in base.types:
            shelf.replaced.append(found.key)
        shelf.types[found.key] = found
    told = (*shelf.problems, *_same_titles(shelf.types, own))
    return Catalogue(MappingProxyType(shelf.types), told, tuple(shelf.replaced), folder)


def _same_titles(
    types: Mapping[str, DocumentType], own: Mapping[str, DocumentType]
) -> list[Problem]:
    """Titles of the office's types that another type has, too: which is meant cannot be told."""
    found = []
    for one in own.values():
        titles = {phrase_key(cue.text): cue.text for cue in one.cues.titles}
        for other in types.values():
            if other.key == one.key or (other.key in own and other.key < one.key):
                continue
            for cue in other.cues.titles:
                text = titles.get(phrase_key(cue.text))
                if text is not None:
                    vi = f"tên «{text}» cũng là của loại «{other.key}»: hãy ghi tên đầy đủ hơn"
                    en = f"the title {text!r} is one of {other.key!r}, too: make it longer"
                    found.append(Problem(one.source, 0, "cues.titles", vi, en))
    return found
