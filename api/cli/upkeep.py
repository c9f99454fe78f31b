"""Commands for whoever keeps the service running."""

import platform
import shutil
from typing import Annotated, Any, Final

import typer

from api.cli.laptop import Json, emit_or_say
from api.cli.office import existing_house
from api.cli.output import say
from api.cli.signing_upkeep import signing_probes
from vocabulary.errors import IntegrityFailure, MissingPart, SohoaError


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    app.command()(check)
    app.command()(reindex)
    app.command()(settings)
    app.command()(doctor)
    audit = typer.Typer(help="Nhật ký truy cập · audit log", no_args_is_help=True)
    audit.command("verify")(verify_audit)
    app.add_typer(audit, name="audit")


def check(
    mend: Annotated[
        bool, typer.Option("--mend", help="Sửa chỉ mục cho khớp · mend the index")
    ] = False,
    as_json: Json = False,
) -> int:
    """Đối chiếu tệp với mã băm, chỉ mục với danh mục · objects and index against the catalogue."""
    from ingest import checking

    broken = checked = 0
    with existing_house() as house:
        for one in checking.objects(house):
            checked += 1
            broken += one.broken
            if one.state != "ok":
                told = {"object": one.sha256, "state": one.state}
                emit_or_say(as_json, told, f"{one.state}: {one.sha256}")
        found = checking.index(house)
        if found.differences and mend:
            checking.mend_index(house, found)
    for name, ids in (("missing", found.missing), ("stale", found.stale), ("extra", found.extra)):
        for one_id in ids:
            told = {"document": one_id, "index": name}
            emit_or_say(as_json, told, f"chỉ mục {_INDEX_WORDS[name]}: {one_id}")
    mended = bool(found.differences) and mend
    record: dict[str, Any] = {
        "checked": checked, "broken": broken, "indexed": found.checked,
        "index_differs": found.differences, "index_mended": mended,
    }  # fmt: skip
    emit_or_say(as_json, record, f"Đã kiểm {checked} tệp, hỏng hoặc thiếu {broken}.")
    if found.differences and not as_json:
        say(
            f"Chỉ mục lệch {found.differences} giấy tờ: "
            + ("đã sửa." if mended else "chạy sohoa check --mend để sửa.")
        )
    if broken:
        raise IntegrityFailure(
            f"{broken} tệp lưu trữ hỏng hoặc thiếu: hãy khôi phục từ bản sao lưu.",
            f"{broken} stored objects are damaged or missing: restore them from the backup.",
        )
    return 0


_INDEX_WORDS: Final = {"missing": "thiếu", "stale": "cũ", "extra": "thừa"}


def reindex(as_json: Json = False) -> None:
    """Dựng lại chỉ mục tìm kiếm từ danh mục · rebuild the search index."""
    from ingest.indexing import reindex as rebuild

    with existing_house() as house:
        count = rebuild(house)
    emit_or_say(as_json, {"indexed": count}, f"Đã lập chỉ mục {count} giấy tờ.")


def settings(as_json: Json = False) -> None:
    """Mọi thiết lập, ý nghĩa và giá trị đang dùng · every setting, its meaning and value."""
    from api.settings import Settings, config_file, load_settings

    current = load_settings()
    if not as_json:
        say(f"# Tệp thiết lập · settings file: {config_file()}")
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        shown: Any = value if isinstance(value, (int, float, bool, dict)) else str(value)
        if isinstance(value, tuple):
            shown = [str(one) for one in value]
        origin = "set" if name in current.model_fields_set else "default"
        record = {
            "name": f"SOHOA_{name.upper()}",
            "value": None if value is None else shown,
            "from": origin,
            "help": field.description,
        }
        line = f"SOHOA_{name.upper()}={'' if value is None else shown}   # {field.description}"
        emit_or_say(as_json, record, line if origin == "default" else f"{line} [đã đặt]")


def doctor(as_json: Json = False) -> int:
    """Thiếu gì, sai gì và sửa thế nào · what is missing or wrong and how to mend it."""
    from api.settings import load_settings

    current = load_settings()
    problems = 0
    for name, probe in _probes(current):
        try:
            record = {"check": name, "ok": True, "detail": probe(), "mend": None}
        except SohoaError as error:
            problems += 1
            record = {"check": name, "ok": False, "detail": error.en, "mend": error.vi}
        mark = "✓" if record["ok"] else "✗"
        line = f"{mark} {name}: {record['detail'] if record['ok'] else record['mend']}"
        emit_or_say(as_json, record, line)
    problems += _look_at_store(current, as_json)
    problems += _running_parts(current, as_json)
    return 4 if problems else 0


def _look_at_store(current: Any, as_json: bool) -> int:
    """Try every promise of an object store on S3; how many it does not keep."""
    from api.adapters import is_s3, s3_store
    from repository.s3.findings import Finding, Verdict, refuse
    from repository.s3.probe import full

    if not is_s3(current):
        return 0
    findings: tuple[Finding, ...]
    try:
        findings = full(s3_store(current))
    except SohoaError as error:
        findings = (refuse("settings", error.vi, error.en),)
    marks = {Verdict.OK: "✓", Verdict.WARN: "!", Verdict.REFUSE: "✗"}
    for one in findings:
        good = one.verdict is not Verdict.REFUSE
        record = {
            "check": f"kho S3 · object store: {one.check}", "ok": good, "verdict": one.verdict,
            "detail": one.en, "mend": None if one.verdict is Verdict.OK else one.vi,
        }  # fmt: skip
        emit_or_say(as_json, record, f"{marks[one.verdict]} kho S3 {one.check}: {one.vi}")
    return sum(1 for one in findings if one.verdict is Verdict.REFUSE)


_MARKS: Final = {"ok": "✓", "degraded": "!", "down": "✗"}


def _running_parts(current: Any, as_json: bool) -> int:
    """What ``/readyz`` asks, with what each part itself says; how many papers cannot do without.

    Only where there is an office already: looking must not make one.
    """
    from api.wiring import open_house
    from ingest.readiness import Readiness
    from ingest.starting import keys_must_fit

    if current.database_url is None and not (current.home / "sohoa.db").exists():
        return 0
    try:
        with open_house(current) as house:
            keys_must_fit(house)
            parts = Readiness(house, limit_s=5.0).parts()
    except SohoaError as error:
        record = {"check": "service", "ok": False, "detail": error.en, "mend": error.vi}
        emit_or_say(as_json, record, f"✗ {error.vi}")
        return 1
    for part in parts:
        record = {
            "check": part.name, "ok": part.state != "down", "state": part.state,
            "detail": part.mend_en or part.en,
            "mend": None if part.state == "ok" else part.mend_vi or part.vi,
        }  # fmt: skip
        line = f"{_MARKS[part.state]} {part.name}: {part.mend_vi or part.vi}"
        emit_or_say(as_json, record, line)
    return sum(part.state == "down" for part in parts)


def _probes(current: Any) -> list[tuple[str, Any]]:
    from api.wiring import prepare_home
    from ocr.engines import EngineChoice, open_engine

    def engine() -> str:
        return str(open_engine(EngineChoice(current.ocr_engine, current.tessdata)).name)

    def tesseract() -> str:
        return str(open_engine(EngineChoice("tesserocr", current.tessdata)).name)

    def folder() -> str:
        prepare_home(current.home.absolute())
        return str(current.home.absolute())

    def space() -> str:
        free = shutil.disk_usage(current.home.absolute()).free
        if free < 2**30:
            raise MissingPart(
                f"Chỉ còn {free // 2**20} MiB trống. Hãy dọn ổ đĩa.",
                f"Only {free // 2**20} MiB are free. Make room on the disk.",
            )
        return f"{free // 2**30} GiB"

    def fonts() -> str:
        from signing.lettering import FONT_FILE, load_face

        load_face()
        return str(FONT_FILE)

    def types() -> str:
        from ocr.types import load_catalogue
        from ocr.types.problems import raise_all

        catalogue = load_catalogue(current.types_folder)
        raise_all(catalogue.problems)
        own = sum(1 for one in catalogue if not one.shipped)
        return f"{len(catalogue)} ({own} của cơ quan)" if own else str(len(catalogue))

    def index() -> str:
        from contextlib import closing

        from api.adapters import search_index

        with closing(search_index(current)) as found:
            return found.check()

    return [
        ("python", platform.python_version),
        ("bộ nhận dạng · engine", engine),
        ("tesseract (vie)", tesseract),
        ("phông chữ Tinos · stamp font", fonts),
        ("thư mục dữ liệu · data folder", folder),
        ("chỗ trống · free space", space),
        ("loại giấy tờ · document types", types),
        ("tìm kiếm · search", index),
        *signing_probes(current),
    ]


def verify_audit(as_json: Json = False) -> None:
    """Kiểm tra chuỗi nhật ký không bị sửa · the audit chain is unbroken."""
    from repository import audit

    with existing_house() as house, house.database.read() as tx:
        status = audit.verify(tx)
    record = {
        "entries": status.entries,
        "intact": status.intact,
        "first_broken": status.first_broken,
    }
    word = "nguyên vẹn" if status.intact else "SAI"
    emit_or_say(as_json, record, f"{status.entries} dòng, {word}")
    if not status.intact:
        raise IntegrityFailure(
            f"Nhật ký bị sửa ở dòng {status.first_broken}. Hãy báo thanh tra và giữ nguyên máy.",
            f"The audit log was changed at entry {status.first_broken}. Tell the inspectors.",
        )
