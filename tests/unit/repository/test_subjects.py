"""Subjects: typed identifiers, checked and normal; nobody is merged by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repository import subjects
from repository.database import Database
from repository.subjects import Identifier, mst_check_digit, normalise
from vocabulary.errors import Conflict, InvalidRequest, NotFound


@pytest.mark.parametrize(
    ("scheme", "given_value", "normal"),
    [
        ("vn:cccd", "033090123456", "033090123456"),
        ("vn:cccd", " 033 090 123 456 ", "033090123456"),
        ("vn:cmnd9", "145.000.123", "145000123"),
        ("vn:mst", "0100047516", "0100047516"),
        ("vn:mst", "0901234564-001", "0901234564-001"),
        ("vn:mst", "0901234564001", "0901234564-001"),
        ("vn:dkdn", "0901234564", "0901234564"),
        ("passport", "c1234567", "C1234567"),
        ("passport", "usa:123456789", "USA:123456789"),
    ],
)
def test_identifiers_come_to_one_normal_form(scheme: str, given_value: str, normal: str) -> None:
    assert normalise(scheme, given_value) == Identifier(scheme, normal)


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("vn:cccd", "03309012345"),
        ("vn:cccd", "03309012345A"),
        ("vn:cccd", "٠٣٣٠٩٠١٢٣٤٥٦"),
        ("vn:cmnd9", "1450001234"),
        ("vn:mst", "0901234565"),
        ("vn:mst", "0901234564-000"),
        ("vn:mst", "033090123456"),
        ("vn:dkdn", "090123456"),
        ("passport", "C123"),
        ("passport", "C1234567890"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_is_expected(scheme: str, value: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        normalise(scheme, value)
    assert refusal.value.error_code == "invalid_identifier"


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="vn:cccd"):
        normalise("vn:unknown", "1")


@given(nine=st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_every_wrong_check_digit_is_found_out(nine: str) -> None:
    right = mst_check_digit(nine)
    for digit in range(10):
        if digit == right:
            assert normalise("vn:mst", f"{nine}{digit}").value == f"{nine}{digit}"
        else:
            with pytest.raises(InvalidRequest):
                normalise("vn:mst", f"{nine}{digit}")


@given(value=st.text(max_size=20), scheme=st.sampled_from(subjects.SCHEMES))
def test_a_normal_form_stays_as_it_is(value: str, scheme: str) -> None:
    try:
        normal = normalise(scheme, value)
    except InvalidRequest:
        return
    assert normalise(scheme, normal.value) == normal


def test_the_same_identifier_is_the_same_subject(database: Database) -> None:
    with database.write() as tx:
        first = subjects.ensure(tx, "vn:mst", "0901234564", "Công ty A")
        again = subjects.ensure(tx, "vn:mst", "090 123 4564", "Cong ty A (ten khac)")
        found = subjects.find(tx, "vn:mst", "0901234564")
    assert first == again == found
    assert first.name == "Công ty A"


def test_the_same_name_is_not_the_same_subject(database: Database) -> None:
    with database.write() as tx:
        one = subjects.ensure(tx, "vn:cccd", "033090123456", "Nguyễn Văn A")
        other = subjects.ensure(tx, "vn:cccd", "033090123457", "Nguyễn Văn A")
    assert one.id != other.id


def test_the_same_digits_in_another_scheme_are_somebody_else(database: Database) -> None:
    with database.write() as tx:
        person = subjects.ensure(tx, "vn:cmnd9", "145000123", "A")
        assert subjects.find(tx, "passport", "145000123") is None
        assert subjects.ensure(tx, "passport", "145000123", "B").id != person.id


def test_enterprise_code_and_tax_code_are_one_by_law(database: Database) -> None:
    with database.write() as tx:
        one = subjects.ensure(tx, "vn:mst", "0901234564", "Công ty A")
        assert subjects.ensure(tx, "vn:dkdn", "0901234564", "").id == one.id


def test_a_person_keeps_the_papers_of_an_old_card(database: Database) -> None:
    with database.write() as tx:
        person = subjects.ensure(tx, "vn:cccd", "033090123456", "A")
        linked = subjects.link(tx, person.id, "vn:cmnd9", "145000123")
        assert subjects.link(tx, person.id, "vn:cmnd9", "145000123") == linked
        found = subjects.find(tx, "vn:cmnd9", "145000123")
        other = subjects.ensure(tx, "vn:cccd", "033090123457", "B")
        with pytest.raises(Conflict):
            subjects.link(tx, other.id, "vn:cmnd9", "145000123")
    assert found is not None
    assert found.id == person.id
    assert found.identifiers == (
        Identifier("vn:cccd", "033090123456"),
        Identifier("vn:cmnd9", "145000123"),
    )


def test_a_missing_name_is_filled_in_later(database: Database) -> None:
    with database.write() as tx:
        subjects.ensure(tx, "vn:mst", "0901234564")
        assert subjects.ensure(tx, "vn:mst", "0901234564", "Công ty A").name == "Công ty A"


def test_an_unknown_subject_is_not_found(database: Database) -> None:
    with database.read() as tx:
        assert subjects.find(tx, "vn:mst", "0901234564") is None
        with pytest.raises(NotFound):
            subjects.get(tx, "nobody")
