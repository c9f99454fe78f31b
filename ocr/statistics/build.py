"""Makes the count table from texts: ``python -m ocr.statistics.build TEXT... --out FILE``.

The table that is shipped was made from the full text of some hundred
Vietnamese codes and laws (no copyright: Law on Intellectual Property, art.
15), the names of the administrative units after 1 July 2025 and the phrases of
``domain.txt`` beside this file, which are always counted in. Only counts are
kept. ``.txt`` and ``.txt.xz`` files have one paragraph a line; ``.json`` files
are searched for names (keys that start with "name" or "Name", or "FullName").
"""

import argparse
import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from ocr.statistics.counts import START, SYLLABLE, UNKNOWN, SyllableCounts, key_of
from vocabulary.text import nfc

_NAME_WEIGHT: Final = 4  # a commune's name is in the laws never, in decisions of its province daily
_PHRASE_WEIGHT: Final = 12
_PHRASES: Final = Path(__file__).with_name("domain.txt")
_RARE: Final = 2  # syllables seen less often are mostly mistakes of the source
_MOST_SYLLABLES: Final = 60_000


def count(paragraphs: Iterable[str]) -> SyllableCounts:
    """Count syllables, pairs and triples, each paragraph on its own."""
    sentences = [[word.lower() for word in SYLLABLE.findall(nfc(line))] for line in paragraphs]
    seen = Counter(word for sentence in sentences for word in sentence)
    known = [word for word, times in seen.most_common(_MOST_SYLLABLES) if times >= _RARE]
    numbers = {word: place for place, word in enumerate(known, start=UNKNOWN + 1)}
    pairs: Counter[int] = Counter()
    triples: Counter[int] = Counter()
    for sentence in sentences:
        if not sentence:
            continue
        line = [START, START, *(numbers.get(word, UNKNOWN) for word in sentence)]
        for place in range(2, len(line)):
            pairs[key_of(line[place - 1 : place + 1])] += 1
            triples[key_of(line[place - 2 : place + 1])] += 1
    paragraphs_counted = sum(bool(sentence) for sentence in sentences)
    pairs[key_of((START, START))] = paragraphs_counted
    rare = sum(times for word, times in seen.items() if word not in numbers)
    return SyllableCounts(
        syllables=("", "", *known),
        singles=np.array([paragraphs_counted, rare, *(seen[word] for word in known)], np.float32),
        pair_keys=np.array(sorted(pairs), np.int64),
        pair_counts=np.array([pairs[key] for key in sorted(pairs)], np.float32),
        triple_keys=np.array(sorted(triples), np.int64),
        triple_counts=np.array([triples[key] for key in sorted(triples)], np.float32),
    )


def paragraphs_of(path: Path) -> Iterator[str]:
    """Lines of a text, packed or not; names out of a JSON file, each several times."""
    if path.suffix == ".json":
        for name in _names(json.loads(path.read_text(encoding="utf-8"))):
            yield from [name] * _NAME_WEIGHT
        return
    content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    yield from content.decode("utf-8", errors="replace").splitlines()


def phrases() -> Iterator[str]:
    """What administrative papers say daily and laws hardly, each several times."""
    for line in _PHRASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield from [line] * _PHRASE_WEIGHT


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key.lower() in ("name", "fullname", "full_name"):
                yield inner
            else:
                yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    texts = (line for path in chosen.texts for line in paragraphs_of(path))
    counts = count(chain(texts, phrases()))
    counts.save(chosen.out)
    print(
        f"{len(counts.syllables)} syllables, {len(counts.pair_keys)} pairs, "
        f"{len(counts.triple_keys)} triples, {chosen.out.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
