"""The demo dossier: invented papers of one organisation, handed in as scans.

The organisation renews its licence for radiation work. The office itself
issued the licence, so it must never ask for it again; that is what the demo
is there to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from demo.damage import Level, scan
from demo.papers import SAMPLE_FOOTER, Paper, PaperKind, Subject, make_paper, make_subject, render
from demo.scan_files import pdf_bytes

PROCEDURE: Final = "2.002381"
"""Renewal of the licence for radiation work with diagnostic X-ray equipment."""

DPI: Final = 200


@dataclass(frozen=True, slots=True)
class DemoScan:
    """One scan to hand in, with the truth for the demo's own confirmation."""

    name: str
    data: bytes
    metadata: Mapping[str, Any]
    truth: Mapping[str, str | tuple[str, ...]]
    left_for_review: bool


@dataclass(frozen=True, slots=True)
class _Order:
    name: str
    kind: PaperKind
    seed: int
    level: Level
    type: str
    form: str | None = "original"
    left_for_review: bool = False


_ORDERS: Final = (
    _Order("giay-phep-buc-xa.pdf", PaperKind.LICENCE, 11, "clean", "radiation_work_licence"),
    _Order(
        "dang-ky-doanh-nghiep.pdf", PaperKind.CERTIFICATE, 12, "office", "business_registration"
    ),
    _Order("don-de-nghi.pdf", PaperKind.FORM, 13, "office", "application_form"),
    _Order("cong-van.pdf", PaperKind.LETTER, 14, "office", "official_letter"),
    _Order("quyet-dinh.pdf", PaperKind.DECISION, 15, "office", "decision"),
    _Order("ban-photo-mo.pdf", PaperKind.DECISION, 16, "poor", "decision", left_for_review=True),
)


def demo_subject() -> Subject:
    """The organisation whose dossier it is."""
    return make_subject("vn:mst", 7)


def demo_scans(today: date) -> list[DemoScan]:
    """All scans of the dossier, drawn anew; the same on every machine for the same day."""
    subject = demo_subject()
    return [_made(order, subject, today) for order in _ORDERS]


def _made(order: _Order, subject: Subject, today: date) -> DemoScan:
    issued = date(today.year - 1, 3, 12)
    paper: Paper = make_paper(
        order.kind, order.seed, subject=subject, issue_date=issued, footer=SAMPLE_FOOTER
    )
    pages = [
        scan(render(page, DPI), order.level, DPI, order.seed * 100 + page.number)
        for page in paper.pages
    ]
    metadata: dict[str, Any] = {
        "type": order.type,
        "subject": {"scheme": subject.scheme, "id": subject.id, "name": subject.name},
        "scope": "nationwide",
        "form": order.form,
    }
    return DemoScan(
        order.name, pdf_bytes(pages), metadata, paper.fields, left_for_review=order.left_for_review
    )
