"""Papers and short words for the tests of the search indexes."""

from datetime import date

from repository.ports import IndexEntry, SearchIndex, SearchQuery

DECISION = IndexEntry(
    id="decision",
    text="ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN\nQUYẾT ĐỊNH\nVề việc cấp giấy phép tiến hành công việc "
    "bức xạ cho Bệnh viện Đa khoa Phố Nối\nĐiều 1. Cấp giấy phép sử dụng thiết bị X-quang y tế.",
    number_symbol="123/QĐ-UBND",
    subject="Về việc cấp giấy phép tiến hành công việc bức xạ",
    issuer="Ủy ban nhân dân tỉnh Hưng Yên",
    type="decision",
    subject_id="s1",
    state="done",
    status="active",
    issue_date=date(2024, 5, 2),
    valid_to=date(2027, 5, 1),
)
CITING = IndexEntry(
    id="citing",
    text="Căn cứ Quyết định số 123/QĐ-UBND ngày 02/5/2024; theo đề nghị của Giám đốc Sở.",
    number_symbol="45/SKHCN-VP",
    issuer="Sở Khoa học và Công nghệ",
    type="letter",
    subject_id="s2",
    state="needs_review",
    status="draft",
    issue_date=date(2025, 1, 10),
)


def found(index: SearchIndex, text: str = "", **filters: object) -> list[str]:
    return [hit.id for hit in index.search(SearchQuery(text, **filters)).hits]  # type: ignore[arg-type]


def entry(name: str, text: str) -> IndexEntry:
    return IndexEntry(id=name, text=text)
