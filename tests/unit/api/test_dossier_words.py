"""Every code that the pages of dossiers can meet has its words."""

from typing import get_args

from api.web import dossier_words as words
from repository.dossiers import ENDS, OVERRIDE_REASONS, Channel, ComponentState, DossierState
from repository.figures import FIGURES


def test_every_state_has_a_word() -> None:
    assert set(words.STATES) == set(get_args(DossierState))
    assert set(words.COMPONENT_STATES) == set(get_args(ComponentState))
    assert set(words.CHANNELS) == set(get_args(Channel))
    assert set(words.ENDS) == set(ENDS)


def test_every_part_of_a_figure_has_a_word() -> None:
    apart = {name for figure in FIGURES for name in figure.apart}
    assert set(words.PARTS) == {"numerator", "denominator", *apart}


def test_every_reason_to_ask_again_is_told_in_both_languages() -> None:
    assert all(reason.vi and reason.en for reason in OVERRIDE_REASONS.values())


def test_warnings_are_sentences() -> None:
    names = {"TP1": "Đơn"}
    for told in (
        {"code": "requested_more_than_once", "requests": 2},
        {"code": "components_awaited", "components": ["TP1"]},
        {"code": "paper_lost", "component": "TP1", "document": "d", "reasons": ["withdrawn"]},
    ):
        assert words.warning(told, names)[-1] == "."
    assert words.warning({"code": "new"}, names) == "new"
