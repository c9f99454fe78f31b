"""Pages that did not lie as they should: turned, leaning, photographed, stamped, faint, ..."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

from bench.own_reading import Reader, placed
from bench.pages import UNSEEN, TruePage
from bench.report import Section, Table, Target, say
from bench.scoring import Placed, Score, score
from bench.store import STORE, digest, making_state
from bench.words import plain_tesseract
from demo.damage import Scan, scan
from demo.papers import PaperKind, make_paper, render
from demo.scan_files import to_pdf
from ocr.ports import Matrix
from vocabulary.papers import Box

_DPI: Final = 300
CER_LIMIT: Final = 1.0
"""CER at most, in percent, of the page's own words; what a stamp says is not asked for."""

_KINDS: Final = (PaperKind.DECISION, PaperKind.LETTER, PaperKind.LICENCE, PaperKind.CERTIFICATE)
_POINTS: Final = np.diag([_DPI / 72, _DPI / 72, 1.0])

Damaged = tuple[Scan, Matrix]
"""A scan and the map from points of the clean page to its pixels."""


def _plain(done: Scan, before: Matrix | None = None) -> Damaged:
    """``before``: what was done to the pixels of the clean page before it was scanned."""
    moved = np.vstack([np.reshape(np.array(done.transform), (2, 3)), [0, 0, 1]])
    inside = np.eye(3) if before is None else before
    return done, moved @ np.linalg.inv(_POINTS) @ inside @ _POINTS


def _turned(image: Image.Image, seed: int) -> Damaged:
    turn: Any = (90, 180, 270)[seed % 3]
    return _plain(scan(image, "office", _DPI, seed, stamps=0, turn=turn))


def _leaning(image: Image.Image, seed: int) -> Damaged:
    angle = (8.0, -8.0, 5.0, -6.5)[seed % 4]
    wide, high = image.size
    turn = np.vstack([cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0), [0, 0, 1]])
    corners = turn @ np.array([[0, wide, 0, wide], [0, 0, high, high], [1, 1, 1, 1]])
    turn[:2, 2] -= corners[:2].min(axis=1)
    size = np.ceil(np.ptp(corners[:2], axis=1)).astype(int)
    page = cv2.warpAffine(np.asarray(image.convert("RGB")), turn[:2], (int(size[0]), int(size[1])),
                          flags=cv2.INTER_AREA, borderValue=(255, 255, 255))  # fmt: skip
    return _plain(scan(Image.fromarray(page), "office", _DPI, seed, stamps=0), turn)


def _photographed(image: Image.Image, seed: int) -> Damaged:
    """On a dark table, from a little aside, lit from one corner."""
    rng = np.random.default_rng(seed)
    done, inside = _plain(scan(image, "office", _DPI, seed, stamps=0))
    wide, high = done.image.size
    whole = (int(wide * 1.16), int(high * 1.12))
    edge = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    to = edge + np.array([wide * 0.08, high * 0.06], np.float32)
    to += rng.uniform(-0.035, 0.035, (4, 2)).astype(np.float32) * wide
    tilt = cv2.getPerspectiveTransform(edge, to)
    desk = rng.normal(58, 6, (whole[1] // 4, whole[0] // 4, 1)) * np.array([1.0, 0.86, 0.7])
    desk = cv2.resize(desk.astype(np.float32), whole, interpolation=cv2.INTER_LINEAR)
    page = np.asarray(done.image.convert("RGB"), dtype=np.float32)
    shot = cv2.warpPerspective(page, tilt, whole, flags=cv2.INTER_LINEAR, borderValue=(-1, -1, -1))
    shot = np.where(shot < 0, desk, shot)
    across = np.linspace(1.0, 0.72, whole[0], dtype=np.float32)[None, :, None]
    down = np.linspace(1.0, 0.88, whole[1], dtype=np.float32)[:, None, None]
    lit = np.clip(shot * across * down, 0, 255).astype(np.uint8)
    return replace(done, image=Image.fromarray(lit)), np.asarray(tilt @ inside)


def _stamped(image: Image.Image, seed: int) -> Damaged:
    return _plain(scan(image, "office", _DPI, seed, stamps=3))


def _faint(image: Image.Image, seed: int) -> Damaged:
    pale = 255 - (255 - np.asarray(image.convert("RGB"), dtype=np.float32)) * 0.4
    return _plain(scan(Image.fromarray(pale.astype(np.uint8)), "office", _DPI, seed, stamps=0))


def _shining_through(image: Image.Image, seed: int) -> Damaged:
    ink = np.asarray(image.convert("RGB"), dtype=np.float32) / 255
    back = cv2.GaussianBlur(ink[::, ::-1].mean(axis=2), (0, 0), 2.5)
    page = ink * (1 - 0.32 * (1 - back))[..., None] * 255
    return _plain(scan(Image.fromarray(page.astype(np.uint8)), "office", _DPI, seed, stamps=0))


DAMAGES: Final[Mapping[str, Callable[[Image.Image, int], Damaged]]] = {
    "turned 90, 180, 270": _turned,
    "leaning 5 to 8 degrees": _leaning,
    "photographed": _photographed,
    "stamped three times": _stamped,
    "faint": _faint,
    "back shining through": _shining_through,
}


def pages(damage: str, count: int, first_seed: int = UNSEEN) -> Iterator[TruePage]:
    """First pages of generated papers with one kind of damage; made once, then kept."""
    state = digest(making_state(), Path(__file__).read_text(encoding="utf-8"))[:8]
    for seed in range(first_seed, first_seed + count):
        name = f"{damage.split()[0]}-{seed}-{state}"
        pdf, notes = (STORE / "papers" / f"{name}.{end}" for end in ("pdf", "json"))
        if not notes.is_file():
            pdf.parent.mkdir(parents=True, exist_ok=True)
            page = make_paper(_KINDS[seed % len(_KINDS)], seed).pages[0]
            done, matrix = DAMAGES[damage](render(page, _DPI), seed)
            to_pdf([done], pdf)
            told = {"map": matrix.tolist(), "words": [(w.text, *w.box) for w in page.words]}
            notes.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        told = json.loads(notes.read_text(encoding="utf-8"))
        words = tuple(Placed(text, Box(*box)) for text, *box in told["words"])
        yield TruePage(name, pdf, 1, _DPI, np.array(told["map"]), words)


def section(reader: Reader, count: int) -> Section:
    """Words on such pages, sohoa and plain tesseract."""
    rows: list[tuple[str | float, ...]] = []
    targets = []
    for damage in DAMAGES:
        say(f"special pages: {damage} ...")
        own, other = Score(), Score()
        for page in pages(damage, count):
            own += score(page.words, placed(reader.page(page), page))
            other += score(page.words, plain_tesseract(page))
        for program, total in (("sohoa", own), ("tesseract", other)):
            rows.append((damage, program, 100 * total.own_cer, 100 * total.cer, 100 * total.wer,
                         100 * total.number_accuracy))  # fmt: skip
        targets.append(Target(f"{damage}: CER of own words %", CER_LIMIT, 100 * own.own_cer,
                              "most"))  # fmt: skip
    heads = ("pages", "program", "CER % of own words", "CER %", "WER %", "digit strings %")
    return Section("special", (Table(f"Special pages, {count} each", heads, tuple(rows)),),
                   tuple(targets))  # fmt: skip
