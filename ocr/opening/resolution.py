"""How many dots an inch an image has, where the file says so and where it does not.

Scanners leave the resolution out, cameras write 72 and mean nothing by it. A
paper is at most A3 here; an image whose stated resolution makes it larger, or
smaller than a card, is taken to fill A4 (Decree 30/2020 orders A4).
"""

from typing import Final

_A4_LONG_IN: Final = 297 / 25.4
_LONGEST_IN: Final = 17.5  # A3 with some scanner bed around it
_SHORTEST_IN: Final = 2.0  # an identity card is 3.4 in wide
_LOWEST_DPI: Final = 90.0  # below, letters of 14 pt have too few pixels to be a scan


def resolution_of(
    width: int, height: int, stated: tuple[float, float] | None
) -> tuple[float, float, bool]:
    """Dots an inch across and down, and whether they are assumed.

    Args:
        width: pixels across, as shown.
        height: pixels down, as shown.
        stated: dots an inch across and down, as the file says; None where it does not.
    """
    long_side = max(width, height)
    if stated is not None:
        across, down = stated
        if across > 0 and down > 0 and max(across, down) < 4 * min(across, down):
            inches = max(width / across, height / down)
            if _SHORTEST_IN <= inches <= _LONGEST_IN and min(across, down) >= _LOWEST_DPI:
                return across, down, False
    assumed = min(max(long_side / _A4_LONG_IN, 36.0), 2400.0)
    return assumed, assumed, True
