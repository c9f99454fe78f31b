"""The page as it comes out of a file, before anything is done to it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ocr.ports import Matrix, Pixels
from vocabulary.papers import Line


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as shown: rotations that the file asks for are done.

    ``pixels``: None where the page's own text is to be believed (born-digital).
    ``dpi``: of ``pixels``; 0 without.
    ``to_points``: maps pixels to points of the page as shown (origin top left).
    ``own_lines``: the page's own text where it is believed, and the text of the
    appearances of its annotations (signatures and stamps carry number and date
    there: 48 of 65 real decisions), as shown.
    ``text_turn``: degrees clockwise to turn the page so that its own text stands upright.
    ``flags``: for :attr:`vocabulary.papers.PageReading.flags`.
    """

    number: int
    width_pt: float
    height_pt: float
    pixels: Pixels | None
    dpi: int
    to_points: Matrix
    own_lines: tuple[Line, ...] = ()
    text_turn: int = 0
    flags: tuple[str, ...] = ()


class OpenDocument(Protocol):
    """An opened file."""

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""

    def page(self, number: int) -> RawPage:
        """Page ``number``, from 1.

        Raises:
            Stopped: the page cannot be read; says which.
        """

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of page ``number`` as shown, in points."""

    def picture(self, number: int, dpi: float) -> Pixels:
        """Page ``number`` as shown, with annotations, for people to look at (not to be read)."""


def scaling(points_per_pixel_x: float, points_per_pixel_y: float) -> Matrix:
    """The map from pixels to points of an image that fills its page."""
    return np.diag([points_per_pixel_x, points_per_pixel_y, 1.0])
