"""How long papers are kept: the schedule as data, the terms it gives, its file."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.types import shipped_catalogue
from repository import seed
from repository.database import Database
from repository.keeping import rules, schedule
from repository.keeping.schedule import COUNTS_FROM, EVERY, Paper, Rule, Schedule, Term, keep_until
from vocabulary.clock import VIETNAM
from vocabulary.errors import InvalidRequest

TODAY = date(2026, 11, 27)
LETTER = Rule("letter", date(2020, 1, 1), None, 10, "issued", "Luật 33/2024/QH15", True)
LICENCE = Rule("licence", date(2020, 1, 1), None, 20, "dossier_closed", "Luật 33/2024/QH15", True)
DECISION = Rule("decision", date(2020, 1, 1), None, None, "issued", "Luật 33/2024/QH15", True)
SCHEDULE = Schedule((LETTER, LICENCE, DECISION))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


RECEIVED = moment("2015-06-01T08:00:00+07:00")
NEW_YEAR = moment("2015-12-31T23:30:00+07:00")
"""Still 2015 in Vietnam."""
AFTER_IT = moment("2016-01-01T00:30:00+07:00")
"""2016 in Vietnam, 2015 in Greenwich."""


@pytest.mark.parametrize(
    ("paper", "term"),
    [
        (Paper("letter", date(2012, 3, 4), RECEIVED), date(2022, 12, 31)),
        (Paper("letter", None, RECEIVED), date(2025, 12, 31)),
        (Paper("letter", None, NEW_YEAR), date(2025, 12, 31)),
        (Paper("letter", None, AFTER_IT), date(2026, 12, 31)),
        (Paper("licence", date(2012, 3, 4), RECEIVED), date(2035, 12, 31)),
        (Paper("licence", None, RECEIVED, (NEW_YEAR,)), date(2035, 12, 31)),
        (Paper("licence", None, RECEIVED, (AFTER_IT,)), date(2036, 12, 31)),
        (Paper("licence", None, RECEIVED, (AFTER_IT, NEW_YEAR)), date(2036, 12, 31)),
        (Paper("licence", None, RECEIVED, (NEW_YEAR, None)), "dossier_open"),
        (Paper("decision", date(1990, 1, 1), RECEIVED), "permanent"),
        (Paper("other", date(1990, 1, 1), RECEIVED), "no_rule"),
        (Paper(None, date(1990, 1, 1), RECEIVED), "no_rule"),
    ],
)
def test_years_are_counted_from_the_end_of_a_year_in_vietnam(
    paper: Paper, term: date | str
) -> None:
    found = keep_until(paper, SCHEDULE, TODAY)
    if isinstance(term, str):
        assert (found.state, found.until) == (term, None)
        assert not found.over(date.max)
    else:
        assert (found.state, found.until) == ("until", term)
        assert not found.over(term)
        assert found.over(term + timedelta(days=1))


def test_the_rule_of_the_day_counts_and_every_other_type_has_the_common_one() -> None:
    old = Rule("letter", date(2010, 1, 1), date(2019, 12, 31), 5, "issued", "cũ", True)
    common = Rule(EVERY, date(2010, 1, 1), None, 70, "received", "chung", True)
    both = Schedule((old, LETTER, common))
    paper = Paper("letter", date(2012, 3, 4), RECEIVED)
    assert keep_until(paper, both, date(2019, 12, 31)).rule == old
    assert keep_until(paper, both, date(2020, 1, 1)).rule == LETTER
    assert keep_until(paper, both, date(2009, 1, 1)) == Term("no_rule")
    for kind in ("unknown", None):
        other = keep_until(Paper(kind, None, RECEIVED), both, TODAY)
        assert (other.rule, other.until) == (common, date(2085, 12, 31))


MOMENTS = st.integers(-600_000_000, 13_500_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
DAYS = st.dates(date(1900, 1, 1), date(2400, 1, 1))
WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30).filter(
    lambda text: text.strip() != ""
)


@given(
    years=st.integers(1, 200),
    counts_from=st.sampled_from(COUNTS_FROM),
    issued=st.none() | DAYS,
    received=MOMENTS,
    closings=st.lists(st.none() | MOMENTS, max_size=4),
)
def test_a_term_ends_with_a_year_and_never_before_its_years_are_over(
    years: int, counts_from: str, issued: date | None, received: datetime,
    closings: list[datetime | None],
) -> None:  # fmt: skip
    rule = Rule(EVERY, date(1900, 1, 1), None, years, counts_from, "luật", True)  # type: ignore[arg-type]
    paper = Paper(None, issued, received, tuple(closings))
    term = keep_until(paper, Schedule((rule,)), TODAY)
    if counts_from == "dossier_closed" and None in closings:
        assert term.state == "dossier_open"
        return
    assert term.until is not None
    assert (term.until.month, term.until.day) == (12, 31)
    begins = [received.astimezone(VIETNAM).date()]
    if counts_from == "issued" and issued is not None:
        begins = [issued]
    if counts_from == "dossier_closed" and closings:
        begins = [one.astimezone(VIETNAM).date() for one in closings if one is not None]
    assert term.until.year == max(begins).year + years
    assert all(term.until >= one for one in begins)


RULES = st.builds(
    Rule, WORDS.map(str.strip).filter(lambda text: 0 < len(text) <= 64), DAYS, st.none(),
    st.none() | st.integers(1, 200), st.sampled_from(COUNTS_FROM), WORDS.map(str.strip),
    st.booleans(), st.just("") | WORDS.map(str.strip),
)  # fmt: skip


@given(st.lists(RULES, max_size=5, unique_by=lambda rule: rule.type))
def test_what_is_shown_loads_to_the_same(found: list[Rule]) -> None:
    made = schedule.from_json([rule.to_json() for rule in found])
    assert schedule.parse(schedule.to_toml(made)) == made


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"keep": 0}, "keep"),
        ({"keep": True}, "keep"),
        ({"keep": 201}, "keep"),
        ({"keep": "forever"}, "keep"),
        ({"counts_from": "birth"}, "counts_from"),
        ({"valid_from": "01/01/2020"}, "YEAR-MONTH-DAY"),
        ({"valid_to": "2019-12-31"}, "before valid_from"),
        ({"confirmed": "yes"}, "confirmed"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"years": 5}, "years"),
        ({"type": 7}, "type"),
    ],
)
def test_every_mistake_is_named_with_its_rule(change: dict[str, object], told: str) -> None:
    good = LETTER.to_json()
    with pytest.raises(InvalidRequest) as refusal:
        schedule.from_json([LICENCE.to_json(), good | change, {}])
    assert refusal.value.error_code == "schedule_invalid"
    second, third = refusal.value.detail["mistakes"]
    assert second.startswith("rule 2")
    assert told in second
    assert third.startswith("rule 3")


def test_two_rules_of_a_type_on_one_day_are_refused() -> None:
    later = LETTER.to_json() | {"valid_from": "2025-01-01"}
    with pytest.raises(InvalidRequest, match="two rules"):
        schedule.from_json([LETTER.to_json(), later])
    schedule.from_json([LETTER.to_json() | {"valid_to": "2024-12-31"}, later])


@pytest.mark.parametrize("text", ["rule = 5", "[[rule]]\ntype = ", "[extra]\na = 1"])
def test_what_is_no_schedule_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InvalidRequest):
        schedule.parse(text)


def test_the_shipped_schedule_is_whole_and_nothing_of_it_is_confirmed() -> None:
    shipped = schedule.shipped()
    assert shipped.rule_for("no such type", TODAY) is not None
    assert not any(rule.confirmed for rule in shipped.rules)
    known = {one.key for one in shipped_catalogue()}
    assert {rule.type for rule in shipped.rules} - {EVERY} <= known


def test_the_catalogue_keeps_a_schedule_and_replaces_it_as_a_whole(database: Database) -> None:
    with database.write() as tx:
        assert rules.schedule(tx) == Schedule()
        rules.put_schedule(tx, SCHEDULE)
    with database.write() as tx:
        assert set(rules.schedule(tx).rules) == set(SCHEDULE.rules)
        rules.put_schedule(tx, Schedule((LETTER,)))
        assert rules.schedule(tx).rules == (LETTER,)


def test_the_shipped_schedule_does_not_take_the_place_of_the_office_s_own(
    database: Database,
) -> None:
    with database.write() as tx:
        assert seed.load_schedule(tx) == len(schedule.shipped().rules)
        assert seed.load_schedule(tx) == 0
