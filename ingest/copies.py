"""Copies for the printer and receipts for applicants, each with a code that anybody can check."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy.orm import Session

from ingest.cases import case_of
from ingest.house import House
from ingest.signature_tasks import print_marked
from repository import audit, copies, documents, result_codes
from repository.audit import AuditEntry
from repository.copies import Copy
from repository.documents import Document
from signing.printed import Line, Mark, label, sheet
from vocabulary.clock import VIETNAM
from vocabulary.errors import Conflict

_PDF: Final = "application/pdf"


def of_document(house: House, document_id: str, by: str) -> Copy:
    """Give a copy of a certified paper its code.

    Raises:
        NotFound: no such document.
        Conflict: ``not_certified``: it has no value yet, or none any more.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        document = documents.get(tx, document_id)
        archival = documents.renditions(tx, document_id).get("archival")
        if document.status != "active" or archival is None:
            raise Conflict(
                "Chỉ in được bản có mã tra cứu của giấy tờ đã ký số và đang có hiệu lực.",
                "Only a paper that is certified and in force is printed with a code.",
                code="not_certified",
            )
        made = Copy(copies.new_code(), document_id, None, archival.sha256, {}, by, now)
        copies.keep(tx, made)
        detail = {"code": made.code[:4], "sha256": archival.sha256}
        audit.append(tx, AuditEntry("document.printed", by, now, document_id, detail=detail))
    return made


def of_dossier(house: House, code: str, by: str) -> Copy:
    """The applicant's receipt: which papers were not asked for, from where, checked when.

    Raises:
        NotFound: no such dossier.
        Conflict: ``nothing_reused``.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        case = case_of(house, tx, code)
        names = {one.code: one.name for one in case.procedure.components}
        reused = [paper for paper in case.papers if paper.source != "handed_in" and paper.component]
        if not reused:
            raise Conflict(
                "Hồ sơ này chưa dùng lại giấy tờ nào nên không có phiếu.",
                "No paper was reused in this dossier: there is nothing to receipt.",
                code="nothing_reused",
            )
        said = {
            "procedure": case.procedure.name,
            "papers": [
                {
                    "component": names[paper.component or ""],
                    "paper": _title(tx, documents.get(tx, paper.document)),
                    "from": "database" if paper.source == "from_database" else house.office.name,
                    "checked_at": paper.added_at.astimezone(VIETNAM).isoformat(timespec="seconds"),
                }
                for paper in reused
            ],
        }
        made = Copy(copies.new_code(), None, case.dossier.code, None, said, by, now)
        copies.keep(tx, made)
        detail = {"dossier": case.dossier.code, "papers": len(reused)}
        audit.append(tx, AuditEntry("dossier.receipt", by, now, detail=detail))
    return made


def label_of(house: House, code: str, by: str) -> bytes:
    """The label for the paper file of a dossier, as PDF.

    Its QR (TCVN 7322) has what Circular 01/2023/TT-VPCP asks for: the codes of the dossier
    and of the procedure, the identity code of the applicant, the name of the paper.

    Raises:
        NotFound: no such dossier.
    """
    now = house.clock.now()
    with house.database.write() as tx:
        case = case_of(house, tx, code)
        given = [
            one for paper in case.papers for one in result_codes.of_document(tx, paper.document)
        ]
        entry = AuditEntry("dossier.label", by, now, detail={"dossier": case.dossier.code})
        audit.append(tx, entry)
    number = next((one.value for one in case.subject.identifiers), "")
    day = case.dossier.received_at.astimezone(VIETNAM).strftime("%d/%m/%Y")
    lines = [
        Line(house.office.name, 8, above=0),
        Line(case.dossier.code, 12, above=4),
        Line(f"{case.procedure.code} {case.procedure.name}", 8),
        Line(f"Người nộp: {case.subject.name or number}", 8),
        Line(f"Tiếp nhận: {day}", 8),
        *([Line("THỬ NGHIỆM", 8)] if house.office.demo else []),
        *(Line(one, 7, above=2) for one in given),
    ]
    what = "|".join((case.dossier.code, case.procedure.code, number, "Hồ sơ giấy"))
    return label(lines, what)


def drawn(house: House, made: Copy, public_url: str) -> bytes:
    """The PDF of a copy or receipt, with its strip on each page.

    Raises:
        Stopped: the file cannot be drawn.
    """
    mark = _mark(house, made, public_url)
    if made.sha256 is None:
        return sheet(_receipt_lines(house, made), mark)
    with TemporaryDirectory(prefix="copy-", dir=house.scratch) as folder:
        out = Path(folder) / "copy.pdf"
        with house.objects.local(made.sha256) as path:
            house.nursery.call(print_marked, path, out, mark, bounds=house.bounds)
        return out.read_bytes()


def certified(house: House, tx: Session, made: Copy) -> dict[str, Any]:
    """What the office says to whoever holds the copy: no more than stands on it.

    ``standing``: ``in_force``, ``expired``, ``superseded``, ``corrected``, ``withdrawn``,
    ``disposed``, or ``issued`` for a receipt.
    """
    told: dict[str, Any] = {
        "code": copies.shown(made.code),
        "office": house.office.name,
        "made_at": made.made_at.astimezone(VIETNAM).isoformat(timespec="seconds"),
        "test": house.office.demo,
    }
    if made.document_id is None:
        return {**told, "kind": "receipt", "standing": "issued", "dossier": made.dossier,
                **made.said}  # fmt: skip
    document = documents.get(tx, made.document_id)
    today = house.clock.now().astimezone(VIETNAM).date()
    return {
        **told,
        "kind": "copy",
        "standing": _standing(document, today),
        "type": document.type,
        "number_symbol": document.number_symbol,
        "issuer": document.issuer,
        "issue_date": document.issue_date.isoformat() if document.issue_date else None,
        "valid_to": document.valid_to.isoformat() if document.valid_to else None,
        "pages": document.page_count,
        "sha256": made.sha256,
    }


def _standing(document: Document, today: date) -> str:
    if document.status in ("superseded", "corrected", "withdrawn", "disposed"):
        return document.status
    expired = document.valid_to is not None and today > document.valid_to
    return "expired" if expired else "in_force"


def _mark(house: House, made: Copy, public_url: str) -> Mark:
    """Decree 45/2020/NĐ-CP, article 18(2): the system, its owner, the code to look it up."""
    code = copies.shown(made.code)
    when = made.made_at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
    what = "Bản in từ hệ thống" if made.sha256 else "Phiếu in từ hệ thống"
    lines = [
        f"{what} số hóa, khai thác giấy tờ của {house.office.name}",
        f"Mã tra cứu: {code} · {public_url.rstrip('/')}/verify",
        f"In lúc {when}. Quét mã QR để biết giấy tờ còn giá trị hay không.",
    ]
    if house.office.demo:
        lines.append("THỬ NGHIỆM - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ")
    return Mark(f"{public_url.rstrip('/')}/verify/{code}", tuple(lines))


def _receipt_lines(house: House, made: Copy) -> list[Line]:
    said: Mapping[str, Any] = made.said
    lines = [
        Line(house.office.name.upper(), 12, centred=True),
        Line("PHIẾU XÁC NHẬN", 15, above=22, centred=True),
        Line("Giấy tờ đã có, không phải nộp lại", 14, centred=True),
        Line(f"Hồ sơ: {made.dossier}", above=20),
        Line(f"Thủ tục: {said['procedure']}"),
        Line("Cơ quan đã dùng các giấy tờ sau đây đang được lưu, ông/bà không phải nộp lại:",
             above=12),
    ]  # fmt: skip
    for number, paper in enumerate(said["papers"], start=1):
        source = "cơ sở dữ liệu" if paper["from"] == "database" else paper["from"]
        day = datetime.fromisoformat(paper["checked_at"]).strftime("%H:%M ngày %d/%m/%Y")
        lines += [
            Line(f"{number}. {paper['component']}", above=10),
            Line(f"Đã dùng: {paper['paper']}", indent=18),
            Line(f"Nguồn: {source}; kiểm tra lúc {day}", indent=18),
        ]
    count = len(said["papers"])
    lines.append(Line(f"Tổng số giấy tờ không phải nộp lại: {count}.", above=16))
    return lines


def _title(tx: Session, document: Document) -> str:
    """What the paper calls itself, number and day; no name of a person."""
    field = documents.fields(tx, document.id).get("doc_type")
    parts = [
        str(field.value) if field else document.type or "giấy tờ",
        f"số {document.number_symbol}" if document.number_symbol else "",
        document.issue_date.strftime("ngày %d/%m/%Y") if document.issue_date else "",
    ]
    return " ".join(part for part in parts if part)
