"""A document type told to people and programs: how it is known, what it gives, its validity."""

from typing import Any

from ocr.types.model import DocumentType, Term


def described(kind: DocumentType) -> dict[str, Any]:
    """The type as JSON, as ``GET /v1/document-types`` and ``sohoa types show --json`` give it."""
    return {
        "key": kind.key,
        "name": {"vi": kind.vi, "en": kind.en},
        "abbreviations": list(kind.abbreviations),
        "shipped": kind.shipped,
        "cues": {
            "titles": [{"text": one.text, "weight": one.weight} for one in kind.cues.titles],
            "phrases": [{"text": one.text, "weight": one.weight} for one in kind.cues.phrases],
            "symbols": [
                {"pattern": one.pattern.text, "weight": one.weight} for one in kind.cues.symbols
            ],
            "card_code": kind.cues.card_code or None,
            "required": [list(group) for group in kind.cues.required],
            "forbidden": list(kind.cues.forbidden),
        },
        "fields": list(kind.fields),
        "essential": list(kind.essential),
        "labels": [
            {
                "field": one.field or None,
                "fact": one.fact or None,
                "name": one.name or None,
                "text": list(one.texts),
                "value": one.value,
                "where": list(one.places),
                "first": one.first,
            }
            for one in kind.labels
        ],
        "validity": {
            "rule": kind.validity.rule,
            "labels": list(kind.validity.labels),
            "terms": [_term(one) for one in kind.validity.terms],
            "told": validity_in_words(kind),
        },
        "checks": [{"name": one.name, "field": one.field or None} for one in kind.checks],
        "sources": list(kind.sources),
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "months": term.months,
        "basis": term.basis,
        "certainty": term.certainty,
        "from": term.begin.isoformat() if term.begin else None,
        "to": term.end.isoformat() if term.end else None,
    }


def validity_in_words(kind: DocumentType) -> str:
    """The validity rule as a Vietnamese sentence."""
    rule = kind.validity
    printed = "Theo điều ghi trên giấy"
    if rule.labels:
        printed += f" (sau nhãn {', '.join(f'«{one}»' for one in rule.labels)})"
    laws = "; ".join(_in_words(one) for one in rule.terms)
    if rule.rule == "unlimited":
        return f"Không thời hạn{f' ({laws})' if laws else ''}, trừ khi trên giấy ghi khác."
    if rule.rule == "term":
        return f"{printed}; giấy không ghi thì tính từ ngày cấp: {laws}."
    return f"{printed}; giấy không ghi thì không suy đoán."


def _in_words(term: Term) -> str:
    length = f"{term.months} tháng, " if term.months else ""
    span = ""
    if term.begin:
        span += f" từ {term.begin:%d/%m/%Y}"
    if term.end:
        span += f" đến {term.end:%d/%m/%Y}"
    sure = {"high": "", "medium": "; cần đối chiếu", "low": "; chưa chắc chắn"}[term.certainty]
    return f"{length}{term.basis}{f' (áp dụng{span})' if span else ''}{sure}"
