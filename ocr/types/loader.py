"""A type file to a :class:`~ocr.types.model.DocumentType`, strictly.

The form, by example (``schema = 1``)::

    schema = 1
    key = "radiation_work_licence"      # lower case; the type's name in procedures and addresses
    abbreviations = ["GP"]
    sources = ["Nghị định 142/2020/NĐ-CP"]
    [name]
    vi = "Giấy phép tiến hành công việc bức xạ"
    en = "Licence for radiation work"

    [cues]
    required = [["bức xạ"]]             # of each group one phrase must be there
    forbidden = ["Đơn đề nghị"]
    [[cues.titles]]                     # in the head; the weight says how much it speaks for it
    text = "Giấy phép tiến hành công việc bức xạ"
    weight = 0.95
    [[cues.phrases]]                    # anywhere on the first two pages
    text = "an toàn bức xạ"
    weight = 0.2
    [[cues.symbols]]                    # form of the number and symbol (ocr.types.patterns)
    pattern = "{d0-5}/GP-{s1-30}"
    weight = 0.4

    [fields]
    has = ["number_symbol", "issuer", "issue_date", "doc_type", "holder_name", "expiry_date"]
    essential = ["number_symbol", "issuer", "issue_date"]

    [[labels]]                          # a label and the value beside, right of or under it
    field = "holder_name"               # or: fact = "charter_capital" and name = "Vốn điều lệ"
    text = ["Tên tổ chức", "Cấp cho"]
    value = "organisation"

    [validity]
    rule = "term"                       # printed | unlimited | until | term
    [[validity.terms]]
    months = 36
    basis = "Nghị định 142/2020/NĐ-CP"
    certainty = "high"
    from = 2021-02-01

    [[checks]]
    name = "check_digit"
    field = "holder_id"
"""

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Final, cast, get_args

from ocr.types.model import (
    SCHEMA,
    Certainty,
    Check,
    CheckName,
    Cue,
    Cues,
    DocumentType,
    LabelRule,
    Place,
    SymbolCue,
    Term,
    ValidityOfType,
    ValidityRule,
    ValueKind,
)
from ocr.types.problems import Problem, raise_all
from ocr.types.table import Notes, Table
from vocabulary.papers import FIELD_NAMES

MAX_BYTES: Final = 256 * 1024
_NAME: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_MOST_LABELS: Final = 60
_CHECKED: Final = {"check_digit": ("holder_id",), "identity_number": ("holder_id",)}


def read_type(path: Path, *, shipped: bool = False) -> DocumentType:
    """The type that a file declares.

    Raises:
        UsageError: naming every problem of the file with line and key.
    """
    found, problems = try_type(path, shipped=shipped)
    raise_all(problems)
    assert found is not None
    return found


def try_type(path: Path, *, shipped: bool = False) -> tuple[DocumentType | None, list[Problem]]:
    """The type, or None and what is wrong with the file."""
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8-sig") if size <= MAX_BYTES else ""
    except OSError as error:
        why = error.strerror or "?"
        return None, [Problem(str(path), 0, "", f"không đọc được: {why}", f"unreadable: {why}")]
    except UnicodeDecodeError:
        vi = "không phải UTF-8: hãy lưu lại bằng mã UTF-8"
        return None, [Problem(str(path), 0, "", vi, "is not UTF-8: save it as UTF-8")]
    if size > MAX_BYTES:
        vi = f"lớn hơn {MAX_BYTES // 1024} KiB: đây không phải tệp loại giấy tờ"
        return None, [Problem(str(path), 0, "", vi, "is too large for a type file")]
    return parse_type(text, str(path), shipped=shipped)


def parse_type(
    text: str, file: str, *, shipped: bool = False
) -> tuple[DocumentType | None, list[Problem]]:
    """As :func:`try_type`, from the text of a file named ``file``."""
    notes = Notes(file, text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        notes.add((), f"không đúng cú pháp TOML: {error}", f"is not TOML: {error}")
        return None, notes.problems
    except RecursionError:
        notes.add((), "lồng nhau quá sâu", "is nested too deeply")
        return None, notes.problems
    found = _type(Table(data, (), notes), file, shipped)
    ordered = sorted(notes.problems, key=lambda one: one.line)
    return (None if ordered else found), ordered


def _type(top: Table, file: str, shipped: bool) -> DocumentType:
    schema = top.whole("schema", 1, 9999)
    if schema != SCHEMA:
        top.wrong(
            "schema",
            f"phải ghi schema = {SCHEMA}: bản sohoa này chỉ đọc dạng tệp đó",
            f"must be schema = {SCHEMA}: this version reads that form only",
        )
    key = top.text("key", needed=True)
    if key and (not set(key) <= _NAME or not key[0].isalpha() or len(key) > 64):
        vi = "chỉ dùng chữ thường không dấu, số và _, bắt đầu bằng chữ, tối đa 64"
        top.wrong("key", vi, "lower-case letters, digits and _ only, a letter first, at most 64")
    name = top.table("name")
    vi_name, en_name = name.text("vi", needed=True), name.text("en", needed=True)
    name.finish()
    fields, essential = _fields(top.table("fields"))
    found = DocumentType(
        key=key,
        vi=vi_name,
        en=en_name,
        abbreviations=top.texts("abbreviations"),
        cues=_cues(top.table("cues")),
        fields=fields,
        essential=essential,
        labels=_labels(top, fields),
        validity=_validity(top.table("validity")),
        checks=_checks(top, fields),
        sources=top.texts("sources"),
        source=file,
        shipped=shipped,
    )
    top.finish()
    return found


def _cues(table: Table) -> Cues:
    found = Cues(
        titles=_phrases(table, "titles"),
        phrases=_phrases(table, "phrases"),
        symbols=_symbols(table),
        card_code=table.number("card_code", 0.01, 1.0) or 0.0,
        required=table.groups("required"),
        forbidden=table.texts("forbidden"),
    )
    if not any(table.has(one) for one in ("titles", "phrases", "symbols", "card_code")):
        vi = "cần ít nhất một dấu hiệu, ví dụ [[cues.titles]] với text và weight"
        table.notes.add(table.path, vi, "needs a cue, such as [[cues.titles]] with text and weight")
    table.finish()
    return found


def _phrases(table: Table, name: str) -> tuple[Cue, ...]:
    found = []
    for one in table.tables(name):
        text = one.text("text", needed=True)
        if text and sum(char.isalnum() for char in text) < 3:
            one.wrong("text", "quá ngắn: cần ít nhất 3 chữ cái", "too short: 3 letters at least")
        found.append(Cue(text, _weight(one)))
        one.finish()
    return tuple(found)


def _symbols(table: Table) -> tuple[SymbolCue, ...]:
    found = []
    for one in table.tables("symbols"):
        pattern = one.pattern("pattern")
        weight = _weight(one)
        if pattern:
            found.append(SymbolCue(pattern, weight))
        one.finish()
    return tuple(found)


def _weight(table: Table) -> float:
    weight = table.number("weight", 0.01, 1.0)
    if weight is None and not table.has("weight"):
        table.wrong("weight", "còn thiếu: 0.01 đến 1", "is missing: 0.01 to 1")
    return weight or 0.0


def _fields(table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    has = table.texts("has", FIELD_NAMES)
    essential = table.texts("essential", FIELD_NAMES)
    if not table.has("has"):
        vi = "còn thiếu: hãy liệt kê các trường mà loại giấy này có"
        table.wrong("has", vi, "is missing: list the fields that such a paper has")
    for name in essential:
        if name not in has:
            vi = f"«{name}» phải có cả trong has"
            table.wrong("essential", vi, f"{name!r} must stand in has, too")
    table.finish()
    return has, essential


def _labels(top: Table, fields: tuple[str, ...]) -> tuple[LabelRule, ...]:
    found = [_label(one, fields) for one in top.tables("labels")]
    facts = [one.fact for one in found if one.fact]
    for name in {one for one in facts if facts.count(one) > 1}:
        vi = f"fact «{name}» ghi hai lần: hãy gộp các nhãn vào một text = […]"
        top.wrong("labels", vi, f"the fact {name!r} stands twice: put its labels in one list")
    return tuple(found)


def _label(table: Table, fields: tuple[str, ...]) -> LabelRule:
    texts = table.texts("text")
    if not texts:
        vi = 'còn thiếu: nhãn in trên giấy, ví dụ text = ["Mã số doanh nghiệp"]'
        table.wrong("text", vi, 'is missing: the printed label, as text = ["Mã số doanh nghiệp"]')
    field, fact, name = table.text("field"), table.text("fact"), table.text("name")
    if bool(field) == bool(fact):
        vi = "cần đúng một trong hai: field (trường có sẵn) hoặc fact (thông tin riêng)"
        table.wrong("field", vi, "exactly one of field (of the vocabulary) and fact (your own)")
    if field and field not in fields:
        vi = f"«{field}» phải có trong [fields] has"
        table.wrong("field", vi, f"{field!r} must stand in [fields] has")
    if fact and (not set(fact) <= _NAME or fact in FIELD_NAMES):
        vi = "chữ thường không dấu và _, không trùng tên trường có sẵn"
        table.wrong("fact", vi, "lower-case letters and _, and no name of a field")
    if fact and not name:
        table.wrong("name", "còn thiếu: tên tiếng Việt để hiển thị", "is missing: a name to show")
    found = LabelRule(
        texts=texts,
        value=cast("ValueKind", table.choice("value", get_args(ValueKind), "text")),
        field=field,
        fact=fact,
        name=name,
        places=cast("tuple[Place, ...]", table.texts("where", get_args(Place)))
        or ("same", "right", "below"),
        after=table.texts("after"),
        before=table.texts("before"),
        patterns=table.patterns("patterns"),
        first=table.flag("first"),
    )
    table.finish()
    return found


def _validity(table: Table) -> ValidityOfType:
    rule = cast("ValidityRule", table.choice("rule", get_args(ValidityRule), "printed"))
    labels = table.texts("labels")
    terms = _terms(table)
    if rule == "until" and not labels:
        vi = 'rule = "until" cần labels, ví dụ labels = ["Có giá trị đến"]'
        table.wrong("labels", vi, 'rule = "until" needs labels, such as ["Có giá trị đến"]')
    if labels and rule not in ("until", "term"):
        vi = 'labels chỉ dùng với rule = "until" hoặc "term"'
        table.wrong("labels", vi, 'labels go with rule = "until" or "term" only')
    if rule == "term" and not any(one.months for one in terms):
        vi = 'rule = "term" cần [[validity.terms]] với months và basis'
        table.wrong("rule", vi, 'rule = "term" needs [[validity.terms]] with months and basis')
    if rule != "term" and any(one.months for one in terms):
        vi = 'months chỉ dùng với rule = "term"'
        table.wrong("rule", vi, 'months go with rule = "term" only')
    table.finish()
    return ValidityOfType(rule, labels, terms)


def _terms(table: Table) -> tuple[Term, ...]:
    found = []
    for one in table.tables("terms"):
        begin, end = one.day("from"), one.day("to")
        if begin and end and end < begin:
            one.wrong("to", "trước ngày from", "before from")
        months = one.whole("months", 1, 1200)
        basis = one.text("basis", needed=True)
        certainty = cast("Certainty", one.choice("certainty", get_args(Certainty), "low"))
        found.append(Term(basis, certainty, months, begin, end))
        one.finish()
    ordered = sorted(found, key=lambda term: str(term.begin or ""))
    for before, after in pairwise(ordered):
        if before.end is None or after.begin is None or after.begin <= before.end:
            vi = "các thời kỳ from … to chồng lên nhau: mỗi ngày chỉ có một quy định"
            table.wrong("terms", vi, "the periods overlap: one rule a day")
    return tuple(ordered)


def _checks(top: Table, fields: tuple[str, ...]) -> tuple[Check, ...]:
    found = []
    for one in top.tables("checks"):
        name = cast("CheckName", one.choice("name", get_args(CheckName), "date_order"))
        if not one.has("name"):
            one.text("name", needed=True)
        field = one.text("field")
        patterns = one.patterns("patterns")
        if name != "date_order" and field not in _CHECKED.get(name, fields):
            vi = f"{name} cần field, một trong: {', '.join(_CHECKED.get(name, fields))}"
            one.wrong("field", vi, f"{name} needs a field of this type")
        if (name == "pattern") != bool(patterns):
            vi = 'patterns dùng với name = "pattern", và chỉ với nó'
            one.wrong("patterns", vi, 'patterns go with name = "pattern", which needs them')
        found.append(Check(name, field, patterns))
        one.finish()
    return tuple(found)
