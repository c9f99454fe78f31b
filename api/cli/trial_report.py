"""What came of trying a type on samples: for people, for programs, for spreadsheets."""

from collections.abc import Sequence
from typing import Any, Final

from api.web.words import FIELDS
from ingest.type_trials import Trial, shown
from ocr.types import Catalogue, DocumentType

COLUMNS: Final = (
    "file", "type", "type_confidence", "name", "value", "confidence", "page", "needs_review",
    "expected", "met",
)  # fmt: skip


def lines_of(trial: Trial, tried: DocumentType, catalogue: Catalogue) -> list[str]:
    """The trial as lines for people."""
    if trial.reading is None:
        assert trial.stopped is not None
        return [f"✗ {trial.path.name}: {trial.stopped.vi} [{trial.stopped.reason}]"]
    reading, match = trial.reading, trial.reading.match
    seen = catalogue.get(match.key) if match else None
    what = f"{seen.vi} ({match.confidence:.2f})" if seen and match else "không nhận ra loại nào"
    lines = [f"{'✗' if trial.failed else '✓'} {trial.path.name}: {what}"]
    if match:
        lines.append(f"    dấu hiệu: {'; '.join(match.cues)}")
    rows = [(FIELDS.get(name, name), shown(value), value.confidence, value.page or 0,
             value.needs_review) for name, value in reading.fields.items()]  # fmt: skip
    rows += [(one.label, one.value, one.confidence, one.page, False)
             for one in reading.facts.values()]  # fmt: skip
    for name, value, sure, page, doubt in rows:
        lines.append(f"    {name:28} {value:44} {sure:.2f}  tr. {page}{'  ?' if doubt else ''}")
    validity = reading.validity
    if validity.how == "law":
        end = f"đến {validity.until:%d/%m/%Y}" if validity.until else "không thời hạn"
        lines.append(f"    thời hạn theo luật: {end} ({validity.basis})")
    lines += [f"    ! thiếu: {FIELDS.get(name, name)}" for name in reading.missing]
    lines += [f"    ! {one.vi}" for one in reading.findings]
    if seen is None or seen.key != tried.key:
        lines.append(f"    ! không được nhận là «{tried.vi}»")
    lines += [
        f"    ✗ {one.name}: cần «{one.wanted}», được «{one.found}»"
        for one in trial.outcomes
        if not one.met
    ]
    return lines


def summary_of(trials: Sequence[Trial], tried: DocumentType) -> str:
    """All trials in one sentence."""
    read = [one.reading for one in trials if one.reading is not None]
    known = sum(1 for one in read if one.match and one.match.key == tried.key)
    whole = sum(1 for one in read if not one.missing)
    outcomes = [one for trial in trials for one in trial.outcomes]
    met = sum(1 for one in outcomes if one.met)
    told = f"; đúng {met}/{len(outcomes)} điều mong đợi" if outcomes else ""
    stopped = len(trials) - len(read)
    again = sum(1 for one in trials if one.cached)
    return (
        f"{len(trials)} mẫu, {known} được nhận là «{tried.vi}», {whole} đủ trường cần thiết{told}"
        f"{f', {stopped} không đọc được' if stopped else ''}"
        f"{f' ({again} mẫu đã đọc từ trước)' if again else ''}."
    )


def record_of(trial: Trial) -> dict[str, Any]:
    """The trial as one JSON object."""
    reading = trial.reading
    record: dict[str, Any] = {
        "file": str(trial.path),
        "reason": trial.stopped.reason if trial.stopped else None,
        "fields": {},
        "missing": [],
    }
    if reading is not None:
        record |= reading.to_json()
        record["fields"] = {name: value.to_json() for name, value in reading.fields.items()}
        record["missing"] = list(reading.missing)
    record["expected"] = [
        {"name": one.name, "wanted": one.wanted, "found": one.found, "met": one.met}
        for one in trial.outcomes
    ]
    return record


def rows_of(trial: Trial) -> list[dict[str, Any]]:
    """The trial as rows of a CSV table: one a field or fact."""
    wanted = {one.name: one for one in trial.outcomes}
    reading = trial.reading
    match = reading.match if reading else None
    base = {
        "file": trial.path.name,
        "type": match.key if match else "",
        "type_confidence": match.confidence if match else "",
    }
    found: dict[str, dict[str, Any]] = {}
    if reading is not None:
        for name, value in reading.fields.items():
            found[name] = {"value": shown(value), "confidence": value.confidence,
                           "page": value.page, "needs_review": value.needs_review}  # fmt: skip
        for fact in reading.facts.values():
            found[fact.name] = {"value": fact.value, "confidence": fact.confidence,
                                "page": fact.page, "needs_review": False}  # fmt: skip
    rows = []
    for name in dict.fromkeys([*found, *wanted]):
        row = {**base, "name": name, **found.get(name, {})}
        if name in wanted:
            row |= {"expected": wanted[name].wanted, "met": wanted[name].met}
        rows.append(row)
    return rows or [base]
