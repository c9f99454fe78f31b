"""Document types as files: list, show, check, and try them on samples."""

import csv
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.laptop import Json
from api.cli.output import emit, progress, say, stderr
from vocabulary.errors import UsageError

if TYPE_CHECKING:
    from ingest.type_trials import Trial
    from ocr.types import Catalogue, DocumentType


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    types = typer.Typer(help="Loại giấy tờ · document types", no_args_is_help=True)
    types.command("list")(list_types)
    types.command("show")(show_type)
    types.command("check")(check_types)
    types.command("test")(try_type_on_samples)
    app.add_typer(types, name="types")


def _catalogue() -> "Catalogue":
    """All types; what is wrong with the office's own files goes to stderr."""
    from api.settings import load_settings
    from ocr.types import load_catalogue

    found = load_catalogue(load_settings().types_folder)
    for problem in found.problems:
        stderr.print(f"! {problem.where}: {problem.vi}", style="yellow", markup=False)
    return found


def list_types(as_json: Json = False) -> None:
    """Các loại giấy tờ đang dùng: có sẵn và của cơ quan · the types in use."""
    from ocr.types.description import described

    catalogue = _catalogue()
    for one in catalogue:
        if as_json:
            emit(described(one))
        else:
            own = "" if one.shipped else f"  [{Path(one.source).name}]"
            say(f"{one.key:26} {one.vi}{own}")
    if not as_json:
        say(f"{len(catalogue)} loại. Xem một loại: sohoa types show {next(iter(catalogue)).key}")


def show_type(
    key: Annotated[str, typer.Argument(help="Mã loại, ví dụ licence · key of the type")],
    as_json: Json = False,
) -> None:
    """Dấu hiệu, các trường và thời hạn của một loại · what one type says."""
    from ocr.types.description import described

    kind = _known(_catalogue(), key)
    if as_json:
        emit(described(kind))
        return
    for line in _told(kind):
        say(line)


def _known(catalogue: "Catalogue", key: str) -> "DocumentType":
    kind = catalogue.get(key)
    if kind is None:
        known = ", ".join(one.key for one in catalogue)
        raise UsageError(
            f"Không có loại «{key}». Các loại: {known}.",
            f"There is no type {key!r}. Types: {known}.",
        )
    return kind


def _told(kind: "DocumentType") -> list[str]:
    from api.web.words import FIELDS
    from ocr.types.description import validity_in_words

    short = f" ({', '.join(kind.abbreviations)})" if kind.abbreviations else ""
    lines = [f"{kind.vi}{short} · {kind.en}", f"  mã: {kind.key}", f"  tệp: {kind.source}"]
    for name, cues in (("tên", kind.cues.titles), ("cụm từ", kind.cues.phrases)):
        lines += [f"  nhận ra bằng {name}: «{one.text}» ({one.weight:g})" for one in cues]
    lines += [
        f"  nhận ra bằng số, ký hiệu: {one.pattern.text} ({one.weight:g})"
        for one in kind.cues.symbols
    ]
    lines += [f"  phải có một trong: {' / '.join(group)}" for group in kind.cues.required]
    lines += [f"  không được có: «{text}»" for text in kind.cues.forbidden]
    for name in kind.fields:
        must = " *" if name in kind.essential else ""
        lines.append(f"  trường: {FIELDS.get(name, name)} ({name}){must}")
    lines += [
        f"  nhãn: {' / '.join(one.texts)} → {one.field or f'{one.name} ({one.fact})'}"
        for one in kind.labels
    ]
    lines.append(f"  thời hạn: {validity_in_words(kind)}")
    lines += [f"  kiểm tra: {one.name} {one.field}".rstrip() for one in kind.checks]
    lines += [f"  nguồn: {one}" for one in kind.sources]
    return [*lines, "  (* thiếu thì giấy tờ chờ người xác nhận)"]


def check_types(
    files: Annotated[list[Path], typer.Argument(help="Tệp .toml · type files", exists=True)],
    as_json: Json = False,
) -> int:
    """Kiểm tra tệp loại giấy tờ, báo mọi chỗ sai kèm số dòng · check type files."""
    from ocr.types.loader import try_type

    code = 0
    for path in _type_files(files):
        kind, problems = try_type(path)
        code = 2 if problems else code
        if as_json:
            told = [
                {"line": one.line, "key": one.key, "message": one.vi, "message_en": one.en}
                for one in problems
            ]
            emit({"file": str(path), "key": kind.key if kind else None, "problems": told})
            continue
        for one in problems:
            say(f"✗ {one.where}: {one.vi}")
            stderr.print(f"  {one.en}", style="dim", markup=False)
        if kind is not None:
            say(f"✓ {path}: {kind.vi} ({kind.key})")
    return code


def _type_files(paths: Sequence[Path]) -> list[Path]:
    """Folders stand for the type files in them."""
    found = [one for path in paths for one in (sorted(path.glob("*.toml")) if path.is_dir()
                                               else [path])]  # fmt: skip
    if not found:
        raise UsageError("Không có tệp .toml nào.", "There is no .toml file.")
    return found


def try_type_on_samples(
    kind: Annotated[
        str, typer.Argument(metavar="FILE_OR_KEY", help="Tệp .toml hoặc mã loại · file or key")
    ],
    folder: Annotated[
        Path, typer.Argument(help="Thư mục giấy mẫu · folder of samples", exists=True)
    ],
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Bảng CSV · a CSV table")] = False,
    cache: Annotated[
        bool, typer.Option(help="Giữ bài đọc để thử lại nhanh · keep what was read")
    ] = True,
) -> int:
    """Thử một loại trên giấy mẫu: nhận ra gì, trích được gì · try a type on samples."""
    from api.cli import trial_report  # brings the words of the pages: not for every command
    from api.settings import load_settings
    from api.wiring import open_tools
    from ingest.type_trials import samples_in, try_type_on
    from ocr.types import read_type

    settings = load_settings()
    catalogue = _catalogue()
    path = Path(kind)
    tried = read_type(path) if path.suffix == ".toml" else _known(catalogue, kind)
    catalogue = catalogue.with_type(tried)
    samples = samples_in(folder) if folder.is_dir() else [folder]
    kept = settings.home.absolute() / "type-samples" if cache else None
    done: list[Trial] = []
    writer = csv.DictWriter(sys.stdout, trial_report.COLUMNS) if as_csv else None
    if writer:
        writer.writeheader()
    with open_tools(settings, sign=False) as tools:
        trials = try_type_on(tried, catalogue, samples, tools, kept)
        with closing(trials), progress(len(samples), "Đọc mẫu") as bar:  # type: ignore[type-var]
            for trial in trials:
                done.append(trial)
                if as_json:
                    emit(trial_report.record_of(trial))
                elif writer:
                    writer.writerows(trial_report.rows_of(trial))
                else:
                    for line in trial_report.lines_of(trial, tried, catalogue):
                        say(line)
                bar.advance(bar.task_ids[0])
    (stderr.print if as_json or as_csv else say)(trial_report.summary_of(done, tried))
    if any(one.failed for one in done):
        return 1
    return 3 if any(one.stopped for one in done) else 0
