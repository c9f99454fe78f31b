"""Decisions that are images only: no words are known but those that their labels give."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pikepdf

from bench.field_cases import labels
from bench.own_reading import Reader
from bench.readers import tesseract_of_pdf
from bench.report import Section, Table, say
from bench.scoring import normal, numbers
from bench.simulated import DECISIONS
from ocr.syllable_shape import is_syllable

_TEXTS: Final = ("issuer", "issuer_parent", "place", "subject", "doc_type")


def _known_words(label: Mapping[str, Any]) -> Counter[str]:
    """Words that stand printed on the first page; what a pen wrote is not asked for."""
    texts = [str(label.get(name, "")) for name in _TEXTS]
    texts += [str(one) for one in label.get("cited_page1", ())]
    return Counter(part.strip(".,;:()").lower() for text in texts for part in normal(text).split())


def _found(wanted: Counter[str], read: list[str]) -> int:
    words = Counter(part.strip(".,;:()/").lower() for text in read for part in normal(text).split())
    return (wanted & words).total()


def _lettered(words: list[str]) -> Iterator[bool]:
    """Of words of small letters: whether each is a Vietnamese syllable."""
    for text in words:
        bare = text.strip(".,;:()\"'“”/-–[]")
        if len(bare) > 1 and bare.isalpha() and not bare.isupper():
            yield is_syllable(bare)


def section(reader: Reader) -> Section:
    """Label words found on first pages, and how Vietnamese what was read is, on all pages."""
    sums: dict[str, Counter[str]] = {"sohoa": Counter(), "tesseract": Counter()}
    for label in labels():
        if label["kind"] == "born-digital":
            continue
        say(f"image-only: {label['file']} ...")
        path = DECISIONS / "pdf" / label["file"]
        with pikepdf.open(path) as pdf:
            pages = range(1, min(3, len(pdf.pages)) + 1)
        for number in pages:
            own = [word.text for word in reader.pages(path, [number])[0].words]
            other = tesseract_of_pdf(path, number)
            for program, words in (("sohoa", own), ("tesseract", other)):
                _count(sums[program], words, _known_words(label) if number == 1 else Counter())
    if not sums["sohoa"]:
        return Section("image-only", remarks=("no real decisions at hand: not measured",))
    rows = tuple(
        (program, one["wanted"], 100 * one["found"] / max(one["wanted"], 1), one["words"],
         100 * one["syllables"] / max(one["lettered"], 1), one["numbers"])
        for program, one in sums.items()
    )  # fmt: skip
    heads = ("program", "label words", "found %", "words read", "Vietnamese syllables %",
             "digit strings read")  # fmt: skip
    return Section("image-only", (Table("Image-only decisions, three pages each", heads, rows),))


def _count(total: Counter[str], words: list[str], wanted: Counter[str]) -> None:
    lettered = list(_lettered(words))
    total.update(
        wanted=wanted.total(), found=_found(wanted, words), words=len(words),
        lettered=len(lettered), syllables=sum(lettered), numbers=len(numbers(" ".join(words))),
    )  # fmt: skip
