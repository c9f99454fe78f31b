"""The faces lines are set in: Times' metrics first (Decree 30/2020), some sans, typewriters'.

Papers from before offices had computers were typed: letters of one width, their own 1 and i.
"""

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont
from PIL import ImageFont

from vocabulary.errors import MissingPart

_TRUETYPE: Final = Path("/usr/share/fonts/truetype")
_GYRE: Final = Path("/usr/share/texmf/fonts/opentype/public/tex-gyre")
_PACKAGES: Final = (
    "fonts-liberation2 fonts-croscore fonts-texgyre fonts-freefont-ttf "
    "fonts-dejavu-core fonts-dejavu-extra"
)


@dataclass(frozen=True, slots=True)
class Family:
    """Regular, bold, italic, bold italic; ``share`` of the lines set in it."""

    share: int
    files: tuple[Path, Path, Path, Path]


def _family(share: int, stem: Path, *endings: str) -> Family:
    one, two, three, four = (stem.with_name(stem.name + ending) for ending in endings)
    return Family(share, (one, two, three, four))


_TTF: Final = ("Regular.ttf", "Bold.ttf", "Italic.ttf", "BoldItalic.ttf")
FAMILIES: Final = (
    _family(34, _TRUETYPE / "liberation2/LiberationSerif-", *_TTF),
    _family(31, _TRUETYPE / "croscore/Tinos-", *_TTF),
    _family(12, _GYRE / "texgyretermes-",
            "regular.otf", "bold.otf", "italic.otf", "bolditalic.otf"),
    _family(8, _TRUETYPE / "freefont/FreeSerif",
            ".ttf", "Bold.ttf", "Italic.ttf", "BoldItalic.ttf"),
    _family(6, _TRUETYPE / "croscore/Arimo-", *_TTF),
    _family(3, _TRUETYPE / "liberation2/LiberationSans-", *_TTF),
    _family(
        3, _TRUETYPE / "dejavu/DejaVuSans", ".ttf", "-Bold.ttf", "-Oblique.ttf", "-BoldOblique.ttf"
    ),
    _family(
        2, _TRUETYPE / "freefont/FreeMono", ".ttf", "Bold.ttf", "Oblique.ttf", "BoldOblique.ttf"
    ),
    _family(1, _GYRE / "texgyrecursor-",
            "regular.otf", "bold.otf", "italic.otf", "bolditalic.otf"),
    _family(1, _TRUETYPE / "liberation2/LiberationMono-", *_TTF),
)  # fmt: skip


@lru_cache(maxsize=64)
def coverage(path: Path) -> frozenset[str]:
    """Letters a face has."""
    with TTFont(path, lazy=True) as face:
        return frozenset(map(chr, face.getBestCmap()))


@lru_cache(maxsize=512)
def face(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """A face at ``size`` pixels an em, glyphs set one after the other as they are spaced."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def family_for(text: str, rng: random.Random) -> Family | None:
    """A family that has every letter of ``text``; None where eight draws find none."""
    letters = set(text) - {" "}
    for _ in range(8):
        family = rng.choices(FAMILIES, [family.share for family in FAMILIES])[0]
        if all(letters <= coverage(path) for path in family.files):
            return family
    return None


def check_installed() -> None:
    """Complain, with the packages' names, where a face is missing."""
    missing = [path for family in FAMILIES for path in family.files if not path.is_file()]
    if missing:
        raise MissingPart(
            f"Thiếu phông chữ {missing[0]}. Hãy chạy: sudo apt-get install {_PACKAGES}",
            f"The font {missing[0]} is missing. Run: sudo apt-get install {_PACKAGES}",
            part="training fonts",
        )
