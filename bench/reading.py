"""All figures of reading in one command, each beside what a user would pick instead.

Words on simulated scans of real decisions and on generated pages; decisions that are
images only; fields; what confidence is worth; names that statistics harm; pages that
lie wrong, lean, were photographed, stamped or faint; cost beside OCRmyPDF. Seeds are
those that nothing was tuned on. Real decisions are used where ``../shared`` is there.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bench import cost, diagram, fields, image_only, reliability, simulated, special, words
from bench.field_scoring import Said
from bench.own_reading import Reader
from bench.pages import TruePage, generated, real
from bench.readers import write_report
from bench.report import Section, say, show, show_targets

PARTS: Final = ("words", "image-only", "fields", "confidence", "special", "cost")
SEEDS: Final = (901, 902)
"""Seeds of the simulated scans; whoever tunes uses others."""
DIAGRAM: Final = Path("docs/img/reliability.svg")


def main(arguments: Sequence[str] | None = None) -> None:
    chosen = _options(arguments)
    sections = []
    for section in _sections(chosen):
        sections.append(section)
        show(section)
    show_targets(sections)
    path = write_report("reading", [section.to_json() for section in sections])
    if chosen.json is not None:
        chosen.json.write_bytes(path.read_bytes())
    print(chosen.json or path)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--quick", action="store_true", help="few pages, no second engine")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS),
                        help="of the simulated scans of real pages")  # fmt: skip
    parser.add_argument("--papers", type=int, default=28, help="generated papers of each kind")
    parser.add_argument("--json", type=Path, help="write all figures there")
    parser.add_argument("--kept", action="store_true",
                        help="readings made by older code do, too")  # fmt: skip
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="for the cost")
    parser.add_argument("--draw", action="store_true", help=f"renew {DIAGRAM}")
    return parser.parse_args(arguments)


def _sections(chosen: argparse.Namespace) -> Iterator[Section]:
    own = Reader("own", old_ones_do=chosen.kept)
    if not simulated.there():
        say(f"{simulated.SHARED} is not there: only generated pages are measured")
    said: list[Said] = []
    for part in PARTS:
        if part not in chosen.only:
            continue
        if part == "words":
            other = None if chosen.quick else Reader("tesserocr", old_ones_do=chosen.kept)
            yield words.section(list(_conditions(chosen)), own, other)
        elif part == "image-only":
            yield image_only.section(own)
        elif part == "special":
            yield special.section(own, 2 if chosen.quick else 4)
        elif part == "cost":
            yield cost.section((200, 300), chosen.jobs, 5 if chosen.quick else 10)
        else:
            said = said or fields.measure(own, 7 if chosen.quick else chosen.papers,
                                          chosen.seeds[:1])  # fmt: skip
            if part == "fields":
                yield fields.section(said)
            else:
                yield reliability.section(said)
                if chosen.draw:
                    diagram.draw(said, DIAGRAM)


def _conditions(chosen: argparse.Namespace) -> Iterator[words.Condition]:
    for level, dpi in words.LIMITS:
        if simulated.there():
            yield words.Condition("real", level, dpi, partial(_real, level, dpi, chosen))
    for level, dpi in words.LIMITS:
        count = 4 if chosen.quick else 14
        made: Callable[..., list[TruePage]] = partial(generated, level, dpi, count)  # type: ignore[arg-type]
        yield words.Condition("generated", level, dpi, made)


def _real(level: str, dpi: int, chosen: argparse.Namespace) -> list[TruePage]:
    seeds = chosen.seeds[:1] if chosen.quick else chosen.seeds
    return [page for seed in seeds for page in real(level, dpi, seed, 3 if chosen.quick else None)]


if __name__ == "__main__":
    main()
