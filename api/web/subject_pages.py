"""Subjects as pages: found by a number, with numbers, papers, dossiers; linked, joined, parted.

Every look is written down with its purpose. Numbers travel in forms, never in addresses that
browsers and logs keep.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.access import Permission, allow
from api.http import subjects as address
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.problems import status_of
from api.web import dossier_words, words
from api.web.rendering import render
from repository import audit, documents, dossiers, procedures, subject_merges, subjects
from repository.audit import AuditEntry
from repository.documents import DocumentFilter
from repository.dossiers import DossierFilter
from repository.subject_merges import Link
from vocabulary.errors import SohoaError

routes = area(in_schema=False)

_MOST: Final = 100
PURPOSES: Final[Mapping[str, str]] = {
    "case": "Giải quyết hồ sơ",
    "correct": "Đối chiếu, sửa thông tin chủ giấy tờ",
    "request": "Trả lời yêu cầu của chủ giấy tờ",
}
"""Why an officer looks a person up; stands in the audit log in these words."""
_SAID: Final[Mapping[str, str]] = {
    "linked": "Đã nối mã số.",
    "merged": "Đã gộp hai mục. Có thể hoàn tác ở cuối trang.",
    "parted": "Đã hoàn tác việc gộp.",
}
_EMPTY: Final[Mapping[str, str]] = {
    "scheme": "", "id": "", "source": "", "other_scheme": "", "other_id": "", "reason": "",
}  # fmt: skip


@routes.get("/subjects")
@allow(Permission.WORK_ON_DOSSIERS)
def find_page(request: Request) -> Response:
    """By which number, and what for."""
    return _find_page(request, {"scheme": "vn:cccd", "id": "", "purpose": "case"})


@routes.post("/subjects")
@allow(Permission.WORK_ON_DOSSIERS)
def find(
    request: Request,
    scheme: Annotated[str, Form(max_length=32)],
    number: Annotated[str, Form(alias="id", max_length=64)],
    purpose: Annotated[str, Form(max_length=16)] = "case",
) -> Response:
    """Found or not, the look is written down."""
    try:
        found = address.look_up(request, scheme, number, PURPOSES.get(purpose, PURPOSES["case"]))
    except SohoaError as error:
        asked = {"scheme": scheme, "id": number, "purpose": purpose}
        return _find_page(request, asked, error.vi, status_of(error))
    return RedirectResponse(f"/subjects/{found['id']}?purpose={_known(purpose)}", 303)


@routes.get("/subjects/{subject_id}")
@allow(Permission.WORK_ON_DOSSIERS)
def subject_page(
    request: Request,
    subject_id: str,
    purpose: Annotated[str, Query(max_length=16)] = "case",
    said: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """Numbers with where they are known from, papers, dossiers, joinings."""
    return _page(request, subject_id, _known(purpose), message=_SAID.get(said))


@routes.post("/subjects/{subject_id}/identifiers")
@allow(Permission.REVIEW)
def link(
    request: Request,
    subject_id: str,
    scheme: Annotated[str, Form(max_length=32)],
    number: Annotated[str, Form(alias="id", max_length=64)],
    source: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Another number of the same person or organisation."""
    typed = {"scheme": scheme, "id": number, "source": source}
    given = address.Number(scheme=scheme, id=number or " ", source=source)
    return _do(request, subject_id, "linked", typed,
               lambda: address.link(request, subject_id, given))  # fmt: skip


@routes.post("/subjects/{subject_id}/merge")
@allow(Permission.REVOKE)
def merge(
    request: Request,
    subject_id: str,
    scheme: Annotated[str, Form(alias="other_scheme", max_length=32)],
    number: Annotated[str, Form(alias="other_id", max_length=64)],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """The entry with this number is the same one; everything of it moves here."""
    typed = {"other_scheme": scheme, "other_id": number, "reason": reason}

    def join() -> None:
        other = address.look_up(request, scheme, number, PURPOSES["correct"])
        given = address.Joining(other=other["id"], reason=reason)
        address.merge(request, subject_id, given)

    return _do(request, subject_id, "merged", typed, join)


@routes.post("/subjects/{subject_id}/merges/{merge_id}/undo")
@allow(Permission.REVOKE)
def undo(request: Request, subject_id: str, merge_id: str) -> Response:
    """Part them again."""
    return _do(request, subject_id, "parted", {}, lambda: address.undo(request, merge_id))


def _do(
    request: Request,
    subject_id: str,
    said: str,
    typed: Mapping[str, str],
    act: Callable[[], object],
) -> Response:
    try:
        act()
    except SohoaError as error:  # what was typed stays on the page
        return _page(request, subject_id, "correct", status_of(error), typed=typed,
                     problem=error.vi)  # fmt: skip
    return RedirectResponse(f"/subjects/{subject_id}?purpose=correct&said={said}", 303)


def _known(purpose: str) -> str:
    return purpose if purpose in PURPOSES else "case"


def _find_page(
    request: Request, asked: Mapping[str, str], problem: str = "", status: int = 200
) -> Response:
    return render(
        house_of(request), caller_of(request), "subjects.html", status,
        asked=asked, problem=problem, purposes=PURPOSES,
    )  # fmt: skip


def _page(
    request: Request, subject_id: str, purpose: str, status: int = 200, *,
    message: str | None = None, problem: str = "", typed: Mapping[str, str] = {},
) -> Response:  # fmt: skip
    house, who = house_of(request), caller_of(request)
    with house.database.write() as tx:
        subject = subjects.get(tx, subject_id)
        first = subject.identifiers[0] if subject.identifiers else None
        audit.append(tx, AuditEntry(
            "subject.read", who.name, house.clock.now(),
            subject_lookup=audit.subject_lookup(house.audit_key, first.scheme, first.value)
            if first else None,
            detail={"purpose": PURPOSES[purpose], "via": who.via},
        ))  # fmt: skip
        joined = subject_merges.merges_of(tx, subject_id)
        known = {
            number: Link(*number, f"Gộp hai mục: {one.reason}", one.by, one.at)
            for one in reversed(joined)
            if one.kept == subject_id and one.undone_at is None
            for number in one.identifiers
        }
        known |= {(one.scheme, one.value): one for one in subject_merges.links_of(tx, subject_id)}
        papers = documents.page_of(tx, DocumentFilter(subject_id=subject_id), None, _MOST)
        cases = dossiers.page_of(tx, DossierFilter(subject_id=subject_id), None, _MOST)
        names = {one.code: one.name for one in procedures.list_all(tx)}
        values: dict[str, Any] = {
            "subject": subject,
            "numbers": [(one, known.get((one.scheme, one.value))) for one in subject.identifiers],
            "papers": papers,
            "cases": cases,
            "names": names,
            "merges": joined,
        }
    return render(
        house, who, "subject.html", status, d=dossier_words, message=message, problem=problem,
        typed={**_EMPTY, **typed}, schemes=words.SCHEMES, **values,
    )  # fmt: skip
