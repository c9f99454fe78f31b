"""The faces lines are set in: Times' metrics first (Decree 30/2020), some sans, typewriters'.

Papers from before offices had computers were typed: letters of one width, their own 1 and i.
Stamps with the names of those who sign are cut in these and in script faces.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont
from PIL import ImageFont

from ocr.engines.own.training.alternates import REGULAR
from vocabulary.errors import MissingPart

_TRUETYPE: Final = Path("/usr/share/fonts/truetype")
_GYRE: Final = Path("/usr/share/texmf/fonts/opentype/public/tex-gyre")
SCRIPTS: Final = Path(".cache/train-fonts")
"""Script faces, laid there by ``deploy/train.sh``."""
UNSEEN_SCRIPTS: Final = SCRIPTS / "unseen"
"""Others that no training uses: what the net makes of faces it does not know."""
_PACKAGES: Final = (
    "fonts-liberation2 fonts-croscore fonts-texgyre fonts-freefont-ttf "
    "fonts-dejavu-core fonts-dejavu-extra"
)


@dataclass(frozen=True, slots=True)
class Family:
    """Regular, bold, italic, bold italic; ``share`` of the lines set in it, against others'."""

    share: float
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


_STAMPED: Final = (
    _family(10, _GYRE / "texgyrechorus-", *("mediumitalic.otf",) * 4),
    _family(5, _GYRE / "texgyreadventor-",
            "regular.otf", "bold.otf", "italic.otf", "bolditalic.otf"),
    _family(5, _GYRE / "texgyrebonum-",
            "regular.otf", "bold.otf", "italic.otf", "bolditalic.otf"),
    _family(4, _GYRE / "texgyreheroscn-",
            "regular.otf", "bold.otf", "italic.otf", "bolditalic.otf"),
)  # fmt: skip
_TYPED_SHARE: Final = 26
_SCRIPT_SHARE: Final = 60


def stamp_families(scripts: Path = SCRIPTS) -> tuple[Family, ...]:
    """What stamps are cut in: the faces papers are typed in, others, and those in ``scripts``."""
    typed = sum(family.share for family in FAMILIES)
    common = [Family(family.share * _TYPED_SHARE, family.files) for family in FAMILIES]
    rarer = [Family(family.share * typed, family.files) for family in _STAMPED]
    return (*common, *rarer, *script_families(scripts, _SCRIPT_SHARE * typed))


def script_families(scripts: Path, share: float = 1.0) -> tuple[Family, ...]:
    """The faces in a folder, each as often as another, however many sets of capitals it has."""
    regular = sorted(scripts.glob(f"*{REGULAR}"))
    forms = Counter(map(_face_name, regular))
    return tuple(
        Family(share / len(forms) / forms[_face_name(path)], (path, bold, path, bold))
        for path in regular
        for bold in [_bold_of(path)]
    )


def _face_name(path: Path) -> str:
    """What the face and its alternates have in common."""
    return path.name.removesuffix(REGULAR).partition("-")[0]


def _bold_of(path: Path) -> Path:
    bold = path.with_name(path.name.replace(REGULAR, "_700Bold.ttf"))
    return bold if bold.is_file() else path


@lru_cache(maxsize=128)
def coverage(path: Path) -> frozenset[str]:
    """Letters a face has."""
    with TTFont(path, lazy=True) as face:
        return frozenset(map(chr, face.getBestCmap()))


@lru_cache(maxsize=512)
def face(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """A face at ``size`` pixels an em, glyphs set one after the other as they are spaced."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def family_for(
    text: str, rng: random.Random, families: Sequence[Family] = FAMILIES
) -> Family | None:
    """A family that has every letter of ``text``; None where eight draws find none."""
    letters = set(text) - {" "}
    for _ in range(8):
        family = rng.choices(families, [family.share for family in families])[0]
        if all(letters <= coverage(path) for path in family.files):
            return family
    return None


def check_installed() -> None:
    """Complain, with the packages' names, where a face is missing."""
    missing = [
        path for family in (*FAMILIES, *_STAMPED) for path in family.files if not path.is_file()
    ]
    if missing:
        raise MissingPart(
            f"Thiếu phông chữ {missing[0]}. Hãy chạy: sudo apt-get install {_PACKAGES}",
            f"The font {missing[0]} is missing. Run: sudo apt-get install {_PACKAGES}",
            part="training fonts",
        )
    if not all(any(folder.glob(f"*{REGULAR}")) for folder in (SCRIPTS, UNSEEN_SCRIPTS)):
        raise MissingPart(
            f"Thiếu phông chữ con dấu tên trong {SCRIPTS}. "
            f"Hãy chạy: rm -rf {SCRIPTS}; make train-recogniser",
            f"Faces of name stamps are missing in {SCRIPTS}. "
            f"Run: rm -rf {SCRIPTS}; make train-recogniser",
            part="training fonts",
        )
