"""Codes in addresses, as the description says them.

The description alone: what is read is more forgiving (small letters, spaces, other dashes), and
what does not fit has a code of its own (``dossier_code_invalid``).
"""

from typing import Annotated, Any, Final

from fastapi import Path

PROCEDURE: Final[dict[str, Any]] = {
    "pattern": r"^[0-9]\.[0-9]{6}(\.[0-9]{3}\.[0-9]{2}\.[0-9]{2})?(\.[A-Z][0-9]{2})?$"
}
_DOSSIER: Final[dict[str, Any]] = {
    "pattern": r"^[0-9A-Z]{1,4}(\.[0-9A-Z]{1,4}){0,4}-"
    r"[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])-[0-9]{4}$"
}

DossierCode = Annotated[
    str, Path(json_schema_extra=_DOSSIER, examples=["000.00.15.H31-261123-0001"])
]
ProcedureCode = Annotated[str, Path(json_schema_extra=PROCEDURE, examples=["2.002381"])]
