"""The benchmark's scorer: by place, whatever the order, split or merged."""

from bench.scoring import Placed, Score, normal, score
from vocabulary.papers import Box


def _line(*words: tuple[str, float, float], y: float = 100.0) -> list[Placed]:
    return [Placed(text, Box(x0, y, x1, y + 14)) for text, x0, x1 in words]


TRUTH = _line(
    ("Số:", 50, 70), ("15/QĐ-UBND", 75, 150), ("ngày", 160, 190), ("05/01/2024", 195, 260)
)


def test_a_perfect_reading_in_any_order_is_perfect() -> None:
    result = score(TRUTH, TRUTH[::-1])
    assert (result.cer, result.wer, result.number_accuracy, result.bag_f1) == (0, 0, 1, 1)


def test_split_and_merged_words_are_compared_as_one() -> None:
    read = _line(
        ("Số:15/QĐ-UBND", 50, 150), ("ng", 160, 174), ("ày", 175, 190), ("05/01/2024", 195, 260)
    )
    assert score(TRUTH, read).cer == 0


def test_a_wrong_mark_is_one_letter_and_one_word() -> None:
    read = [*TRUTH[:2], *_line(("ngáy", 160, 190)), TRUTH[3]]
    result = score(TRUTH, read)
    assert (result.letter_edits, result.wrong_words) == (1, 1)


def test_missed_and_invented_words_count() -> None:
    read = [*TRUTH[:3], *_line(("rác", 50, 70), y=300)]
    result = score(TRUTH, read)
    assert (result.wrong_words, result.invented_words) == (1, 1)
    assert result.letter_edits == len("05/01/2024") + len("rác")
    assert result.right_numbers == 1


def test_dot_leaders_and_typographic_signs_do_not_count() -> None:
    assert normal("Tên…………“A”") == 'Tên"A"'
    assert normal("......") == ""


def test_scores_of_pages_add_up() -> None:
    assert score(TRUTH, TRUTH) + score(TRUTH, []) == Score(
        letters=2 * 27, letter_edits=27, words=8, wrong_words=4, numbers=4, right_numbers=2,
        bag_right=4, bag_read=4, base_right=12,
    )  # fmt: skip
