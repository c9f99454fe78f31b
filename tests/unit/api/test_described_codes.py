"""Codes in addresses: what the description says fits every code that the service gives out."""

import re
from datetime import date, timedelta

import pytest

from api.http.codes import _DOSSIER, PROCEDURE


def test_a_dossier_may_be_of_any_day() -> None:
    for ahead in range(366):
        day = date(2028, 1, 1) + timedelta(days=ahead)
        assert re.search(_DOSSIER["pattern"], f"000.00.15.H31-{day:%y%m%d}-0001"), day


@pytest.mark.parametrize("code", ["2.002381", "1.000438.000.00.00.H31", "1.000438.H31"])
def test_a_procedure_may_bear_the_code_of_its_office(code: str) -> None:
    assert re.search(PROCEDURE["pattern"], code)
