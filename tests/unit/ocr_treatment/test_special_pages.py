"""Pages that did not lie as they should, read whole: a figure each, and what was done is said."""

import pytest

from bench.own_reading import Reader, placed
from bench.scoring import Score, score
from bench.special import CER_LIMIT, DAMAGES, pages
from vocabulary.papers import PageReading

FIRST_SEED = 4_000  # the report has others
COUNT = 2


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader("own")


def read(reader: Reader, damage: str) -> tuple[float, list[PageReading]]:
    """Letters of the page's own words that are wrong, in percent; the readings."""
    total, readings = Score(), []
    for page in pages(damage, COUNT, FIRST_SEED):
        reading = reader.page(page)
        readings.append(reading)
        total += score(page.words, placed(reading, page))
    return 100 * total.own_cer, readings


@pytest.mark.parametrize("damage", DAMAGES)
def test_letters_wrong_stay_below_the_limit(reader: Reader, damage: str) -> None:
    wrong, _ = read(reader, damage)
    assert wrong <= CER_LIMIT, f"{damage}: {wrong:.2f} % of letters wrong"


@pytest.mark.parametrize(
    ("damage", "step"),
    [
        ("leaning 5 to 8 degrees", "levelled"),
        ("photographed", "flattened"),
        ("faint", "contrast_raised"),
        ("stamped three times", "colour_dropped"),
    ],
)
def test_what_was_done_is_said(reader: Reader, damage: str, step: str) -> None:
    _, readings = read(reader, damage)
    assert all(step in reading.treatment for reading in readings)


@pytest.mark.parametrize(("damage", "flag"), [("photographed", "photographed"), ("faint", "faint")])
def test_a_person_is_told(reader: Reader, damage: str, flag: str) -> None:
    _, readings = read(reader, damage)
    assert all(flag in reading.flags for reading in readings)


def test_pages_are_turned_back_and_the_turn_is_told(reader: Reader) -> None:
    _, readings = read(reader, "turned 90, 180, 270")
    assert all(reading.rotation in (90, 180, 270) for reading in readings)
