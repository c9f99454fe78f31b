"""Which words of names count as read right, and as made wrong after."""

from bench.names import Names, spoiled_names
from bench.scoring import Placed
from vocabulary.papers import Box


def line(text: str) -> list[Placed]:
    return [
        Placed(word, Box(50.0 * place, 10.0, 50.0 * place + 40.0, 20.0))
        for place, word in enumerate(text.split())
    ]


TRUTH = line("Ông Nguyễn Văn Hoà, ở xã Đông Phú")


def test_a_name_that_is_left_as_read_is_not_spoiled() -> None:
    assert spoiled_names(TRUTH, TRUTH, TRUTH) == Names(right=6, spoiled=0)


def test_a_name_made_another_is() -> None:
    chosen = line("Ông Nguyễn Văn Hoá, ở xã Đông Phủ")
    assert spoiled_names(TRUTH, TRUTH, chosen) == Names(right=6, spoiled=2)


def test_a_name_that_was_misread_does_not_count_nor_does_what_is_no_name() -> None:
    raw = line("Ông Nguyên Văn Hoà, ờ xã Đông Phú")
    assert spoiled_names(TRUTH, raw, TRUTH) == Names(right=5, spoiled=0)


def test_names_in_capitals_are_names() -> None:
    truth = line("BÀ MAI VĂN TRƯỜNG đã ký")
    assert spoiled_names(truth, truth, line("BÀ MẠI VĂN TRƯỜNG đã ký")) == Names(4, 1)


def test_the_same_word_elsewhere_is_not_the_name() -> None:
    moved = [Placed(word.text, Box(*(side + 500 for side in word.box))) for word in TRUTH]
    assert spoiled_names(TRUTH, moved, moved) == Names()
    assert Names().percent == 0.0
