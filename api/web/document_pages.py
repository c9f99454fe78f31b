"""The list of documents, and one document: its page image beside its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from api import access
from api.access import Permission, allow
from api.http import reviews
from api.http.copies import printed
from api.http.desk import caller_of, house_of
from api.http.guard import area
from api.http.reads import document_for
from api.web import words
from api.web.about import PREFIX, About, about_of, offer_of, said_of
from api.web.field_rows import FieldRow, changes_of, rows_of
from api.web.kinds import kind_of
from api.web.listing import query_string, types_in_use
from api.web.rendering import render
from ingest import copies, intake, review
from ingest.house import House
from repository import documents, result_codes, signing_tasks
from repository.documents import Document, DocumentFilter, HistoryEvent, Rendition
from vocabulary.errors import Conflict, InvalidRequest, SohoaError
from vocabulary.given import whole_number
from vocabulary.papers import PageReading, SignatureRecord

routes = area(in_schema=False)

_PAGE: Final = 50
_SAID: Final[Mapping[str, str]] = {
    "saved": "Đã lưu. Giấy tờ vẫn chờ xác nhận.",
    "noted": "Đã lưu.",
    "confirmed": "Đã xác nhận. Máy đang tạo bản lưu trữ và ký số.",
    "kept": "Đã giữ cả hai. Tệp này được xử lý tiếp.",
    "discarded": "Đã bỏ tệp trùng.",
    "retried": "Đã cho xử lý lại.",
    "withdrawn": "Đã thu hồi giấy tờ.",
    "superseded": "Đã ghi nhận giấy tờ được thay thế.",
}
_EDITABLE: Final = frozenset({"read", "needs_review", "reviewed", "composed", "certified", "done"})


@routes.get("/documents")
@allow(Permission.READ_DOCUMENTS)
def list_page(
    request: Request,
    state: str = "",
    status: str = "",
    document_type: Annotated[str, Query(alias="type")] = "",
    cursor: str | None = None,
) -> Response:
    """Newest first, by state, worth and type."""
    house, identity = house_of(request), caller_of(request)
    wanted = DocumentFilter(
        state=_known(state, words.STATES),
        status=_known(status, words.STATUSES),
        type=document_type or None,
        created_by=identity.name if identity.is_system else None,
    )
    with house.database.read() as tx:
        page = documents.page_of(tx, wanted, cursor, _PAGE)
        counts = documents.counts(tx).by_state
        types = types_in_use(tx)
        awaited = signing_tasks.awaited_signers(tx, [one.id for one in page.items])
    following = query_string(state=state, status=status, type=document_type, cursor=page.next)
    return render(
        house, identity, "documents.html",
        documents=page.items, counts=counts, state=state, status=status, type=document_type,
        types=types, awaited=awaited, next=following if page.next else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that stands on the page of one document."""

    doc: Document
    page: PageReading | None
    number: int
    rows: Sequence[FieldRow]
    signatures: Sequence[SignatureRecord]
    renditions: Sequence[Rendition]
    history: Sequence[HistoryEvent]
    about: About
    first: Document | None
    successor: Document | None
    other: Document | None
    result_codes: Sequence[str]
    page_notes: Sequence[tuple[int, str]]


@routes.get("/documents/{document_id}")
@allow(Permission.READ_DOCUMENTS)
def document_page(
    request: Request,
    document_id: str,
    page: Annotated[int, Query(ge=1)] = 1,
    said: str = "",
) -> Response:
    """One document; the purpose that is logged is the look at this page."""
    purpose = "Kiểm tra thông tin" if _may_review(request) else "Tra cứu"
    document = document_for(request, document_id, "record", purpose)
    if said == "saved" and document.state not in ("read", "needs_review"):
        said = "noted"  # nothing waits any more
    return _page(request, document, page, message=_SAID.get(said))


@routes.post("/documents/{document_id}/fields")
@allow(Permission.REVIEW)
async def save_fields(request: Request, document_id: str) -> Response:
    """Save what was changed; ``confirm`` also vouches for everything on the form."""
    form = await request.form()
    given = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return await run_in_threadpool(_save_fields, request, document_id, given)


def _save_fields(request: Request, document_id: str, given: Mapping[str, str]) -> Response:
    house, who = house_of(request), caller_of(request)
    document = document_for(request, document_id, "fields", "Xác nhận thông tin")
    confirming = given.get("action") == "confirm"
    number = _number(given.get("page"))
    if given.get("action") == "offer":
        return _page(request, document, number, typed=_with_offer(house, document_id, given))
    try:
        version = _version(given)
        with house.database.read() as tx:
            changes = changes_of(given, documents.fields(tx, document_id))
            said = said_of(tx, documents.get(tx, document_id), given)
        judgement = review.Judgement(changes, said, confirming)
        review.judge(house, document_id, judgement, who.name, version)
    except (Conflict, InvalidRequest) as error:
        with house.database.read() as tx:
            document = documents.get(tx, document_id)
        return _page(request, document, number, problem=error, typed=given)
    told = "confirmed" if confirming else "saved"
    return RedirectResponse(f"/documents/{document_id}?page={number}&said={told}", 303)


def _with_offer(house: House, document_id: str, given: Mapping[str, str]) -> Mapping[str, str]:
    """Without scripts: the holder named on the paper goes into the form, nothing is kept yet."""
    with house.database.read() as tx:
        offer = offer_of(documents.fields(tx, document_id))
    if offer is None:
        return given
    found = {name: getattr(offer, name) for name in ("scheme", "id", "name")}
    return {**given, **{PREFIX + name: value for name, value in found.items() if value}}


@routes.post("/documents/{document_id}/duplicate")
@allow(Permission.REVIEW)
def choose_duplicate(
    request: Request, document_id: str, choice: Annotated[str, Form(pattern="^(keep|discard)$")]
) -> Response:
    """Keep both, or leave this one aside and go to the first."""
    house, who = house_of(request), caller_of(request)
    document = document_for(request, document_id, "record", "Xử lý tệp trùng")
    if choice == "keep":
        intake.choose(house, document_id, "keep", who.name)
        return RedirectResponse(f"/documents/{document_id}?said=kept", 303)
    intake.choose(house, document_id, "discard", who.name)
    return RedirectResponse(f"/documents/{document.duplicate_of}?said=discarded", 303)


@routes.post("/documents/{document_id}/retry")
@allow(Permission.REVIEW)
def retry(request: Request, document_id: str) -> Response:
    """Let a stopped document try again."""
    document_for(request, document_id, "record", "Xử lý lại")
    intake.retry(house_of(request), document_id, caller_of(request).name)
    return RedirectResponse(f"/documents/{document_id}?said=retried", 303)


@routes.post("/documents/{document_id}/print")
@allow(Permission.READ_DOCUMENTS)
def print_copy(request: Request, document_id: str) -> Response:
    """A copy with a code that anybody can check."""
    document = document_for(request, document_id, "content", "In bản sao có mã tra cứu")
    try:
        made = copies.of_document(house_of(request), document_id, caller_of(request).name)
    except Conflict as error:
        return _page(request, document, 1, problem=error)
    return printed(request, made)


@routes.post("/documents/{document_id}/withdraw")
@allow(Permission.REVOKE)
def withdraw(
    request: Request,
    document_id: str,
    reason: Annotated[str, Form(min_length=1, max_length=1000)],
    version: Annotated[int, Form()],
) -> Response:
    """Take the paper out of use."""
    document = document_for(request, document_id, "record", "Thu hồi giấy tờ")
    try:
        reviews.take_back(house_of(request), caller_of(request), document_id, reason, version)
    except Conflict as error:
        return _page(request, document, 1, problem=error)
    return RedirectResponse(f"/documents/{document_id}?said=withdrawn", 303)


@routes.post("/documents/{document_id}/supersede")
@allow(Permission.REVOKE)
def supersede(
    request: Request,
    document_id: str,
    by_document: Annotated[str, Form(max_length=64)],
    version: Annotated[int, Form()],
    correction: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Name the paper that replaces this one."""
    document = document_for(request, document_id, "record", "Thay thế giấy tờ")
    house, who = house_of(request), caller_of(request)
    try:
        document_for(request, by_document.strip(), "record", "Thay thế giấy tờ")
        reviews.replace_by(
            house, who, document_id, by_document.strip(), version, corrected=bool(correction)
        )
    except SohoaError as error:
        return _page(request, document, 1, problem=error)
    return RedirectResponse(f"/documents/{document_id}?said=superseded", 303)


def _page(
    request: Request,
    document: Document,
    number: int,
    *,
    message: str | None = None,
    problem: SohoaError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    house, identity = house_of(request), caller_of(request)
    sight = _sight(request, document, number, typed or {})
    doc = sight.doc
    seeing = access.may_see_content(identity, doc.created_by, doc.reason)
    values: dict[str, Any] = {name: getattr(sight, name) for name in Sight.__dataclass_fields__}
    return render(
        house, identity, "document.html", 409 if problem else 200,
        **values,
        heading=_heading(sight),
        doubtful=sum(1 for row in sight.rows if row.needs_review),
        editable=_may_review(request) and doc.state in _EDITABLE,
        seeing=seeing,
        filled=typed is not None and typed.get("action") == "offer",
        message=message,
        problem=problem.vi if problem else None,
    )  # fmt: skip


def _sight(request: Request, document: Document, number: int, typed: Mapping[str, str]) -> Sight:
    identity, house = caller_of(request), house_of(request)
    with house.database.read() as tx:
        pages = documents.pages(tx, document.id)
        doc = documents.get(tx, document.id)
        number = min(max(number, 1), doc.page_count or 1)
        seeing = access.may_see_content(identity, doc.created_by, doc.reason)
        fields = documents.fields(tx, doc.id)
        kind = kind_of(house.types, doc.type, pages, fields)
        return Sight(
            doc=doc,
            page=pages.get(number) if seeing else None,
            number=number,
            rows=rows_of(fields, pages, typed, kind.essential),
            about=about_of(tx, doc, fields, typed, kind, house.office.codes.places),
            signatures=documents.signatures(tx, doc.id),
            renditions=tuple(documents.renditions(tx, doc.id).values()),
            history=documents.history(tx, doc.id),
            first=documents.get(tx, first) if (first := _undecided(doc)) else None,
            page_notes=_page_notes(pages) if seeing else (),
            successor=documents.get(tx, doc.superseded_by) if doc.superseded_by else None,
            other=documents.get(tx, doc.ends_with) if doc.ends_with else None,
            result_codes=result_codes.of_document(tx, doc.id),
        )


def _page_notes(pages: Mapping[int, PageReading]) -> tuple[tuple[int, str], ...]:
    """For each page that needs a look, what is the matter with it."""
    found = []
    for number in sorted(pages):
        told = [words.PAGE_FLAGS[one] for one in pages[number].flags if one in words.PAGE_FLAGS]
        if told:
            found.append((number, "; ".join(told)))
    return tuple(found)


def _undecided(doc: Document) -> str | None:
    waiting = doc.reason == "duplicate" and doc.duplicate_choice is None
    return doc.duplicate_of if waiting else None


def _heading(sight: Sight) -> str:
    by_name = {row.name: row.value for row in sight.rows}
    kind = words.DOCUMENT_TYPES.get(sight.doc.type or "", by_name["doc_type"])
    return " ".join(part for part in (kind, by_name["subject"]) if part) or sight.doc.name


def _may_review(request: Request) -> bool:
    return access.has(caller_of(request), Permission.REVIEW)


def _known(code: str, table: Mapping[str, str]) -> Any:
    return code if code in table else None


def _number(text: str | None) -> int:
    number = whole_number(text or "", 6)
    return 1 if number is None else number


def _version(given: Mapping[str, str]) -> int:
    version = _number(given.get("version"))
    if given.get("version") is None:
        raise InvalidRequest(
            "Biểu mẫu thiếu phiên bản. Hãy tải lại trang.",
            "The form lacks its version. Reload the page.",
            field="version",
        )
    return version
