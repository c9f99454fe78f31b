"""How many fields are read exactly, by kind of paper, held against the set targets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from bench import field_cases
from bench.field_scoring import Exact, Said, exactness, judged
from bench.own_reading import Reader
from bench.report import Section, Table, Target, say
from vocabulary.papers import FIELD_NAMES

LIMITS: Final[Mapping[str, float]] = {
    "number_symbol": 97, "issue_date": 97, "issuer": 97, "doc_type": 97, "subject": 92,
    "signer": 95, "citations": 97,
}  # fmt: skip
"""Exact matches at least, in percent (citations: F1), on real decisions as published."""
PUBLISHED: Final = "as published, both kinds"
_OF_PUBLISHED: Final = ("born-digital", "image-only")
SCAN_ALLOWANCE: Final = 3.0
"""Points less that simulated scans of the same pages may have."""

PAPER_SEEDS: Final = 200_000
"""First seed of the generated papers; rules and curves are made with smaller ones."""


def cases(
    reader: Reader, papers: int, scan_seeds: Sequence[int]
) -> Iterator[field_cases.FieldCase]:
    """All papers of a run. ``papers``: generated ones of each kind and wear."""
    say("fields: real decisions ...")
    yield from field_cases.files(reader)
    if field_cases.labels():
        for seed in scan_seeds:
            say(f"fields: scans of real decisions, seed {seed} ...")
            yield from field_cases.scans_of_files(reader, "office", 300, seed)
    yield from generated(reader, PAPER_SEEDS, papers)


def generated(reader: Reader, first: int, papers: int) -> Iterator[field_cases.FieldCase]:
    """Generated papers of both makers, born-digital and scanned."""
    wears: tuple[tuple[field_cases.Wear, int, int], ...] = (
        ("born-digital", 300, papers), ("office", 300, papers), ("office", 200, papers // 2),
        ("poor", 300, papers // 2),
    )  # fmt: skip
    for place, (wear, dpi, count) in enumerate(wears):
        say(f"fields: generated papers, {wear} {dpi} ...")
        seeds = range(first + 1000 * place, first + 1000 * place + count)
        yield from chain(
            field_cases.generated(reader, seeds, wear, dpi, layouts=False),
            field_cases.generated(reader, seeds, wear, dpi, layouts=True),
        )


def section(said: Sequence[Said]) -> Section:
    """The table of exact matches and what was missed."""
    said = [*said, *_published(said)]
    exact = exactness(said)
    groups = list(dict.fromkeys(one.group for one in said))
    rows = tuple(
        (group, *(_cell(exact.get((group, name))) for name in FIELD_NAMES)) for group in groups
    )
    wrong = tuple(
        f"{one.case} {one.name}: {one.told!r} read as {one.value!r} ({one.confidence})"
        for one in said
        if one.asked and not one.right and not one.group.startswith(("generated", PUBLISHED))
    )
    return Section(
        "fields",
        (Table("Fields read exactly, right of those that stand there (citations: F1; +n: invented)",
               ("papers", *FIELD_NAMES), rows),),
        tuple(_targets(exact, groups)),
        (*(() if field_cases.labels() else ("no real decisions at hand: generated papers only",)),
         *wrong),
    )  # fmt: skip


def _published(said: Sequence[Said]) -> Iterator[Said]:
    """Real decisions as they were published, of both kinds, as one group more."""
    for one in said:
        if one.group in _OF_PUBLISHED:
            yield replace(one, group=PUBLISHED)


def _cell(exact: Exact | None) -> str:
    if exact is None:
        return ""
    share = f"{100 * exact.share:.1f} ({exact.asked})" if exact.asked else "-"
    return share + (f" +{exact.invented}" if exact.invented else "")


def _targets(exact: Mapping[tuple[str, str], Exact], groups: Sequence[str]) -> Iterator[Target]:
    for group in groups:
        if group.startswith("generated"):
            continue
        less = SCAN_ALLOWANCE if group.startswith("scanned") else 0.0
        for name, limit in LIMITS.items():
            found = exact.get((group, name))
            if found and found.asked:
                limit_here = limit - less
                yield Target(f"{group}: {name} %", limit_here, 100 * found.share, "least")


def measure(reader: Reader, papers: int, scan_seeds: Sequence[int]) -> list[Said]:
    """What is said of every field of every paper of a run."""
    return judged(cases(reader, papers, scan_seeds))
