"""Signing files of one's own: one, or many under one PIN."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli.laptop import Json, Trust, emit_or_say
from api.cli.output import progress, say
from vocabulary.errors import UsageError
from vocabulary.signers import SignerRole

if TYPE_CHECKING:
    from signing.batch import Outcome
    from signing.keys import Signer
    from signing.seal_image import SealImage

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
Key = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="PKCS#12 (.p12)")]
PassFile = Annotated[
    Path | None, typer.Option(help="Tệp chứa mật khẩu hoặc mã PIN · passphrase or PIN")
]
Module = Annotated[
    Path | None, typer.Option(help="Thư viện PKCS#11 của USB token · PKCS#11 library")
]
Token = Annotated[
    str | None, typer.Option(help="Tên USB token, hoặc TÊN/KHÓA · LABEL or LABEL/KEY")
]


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    app.command()(sign)
    app.command("sign-tasks")(sign_tasks)


def sign(
    files: Annotated[
        list[Path], typer.Argument(exists=True, help="PDF, hoặc thư mục · PDFs or a folder")
    ],
    role: Annotated[SignerRole, typer.Option("--as", help="officer | organisation")],
    out: Annotated[
        Path,
        typer.Option(help="Tệp kết quả, hoặc thư mục khi ký nhiều · signed file, or folder"),
    ],
    key: Key = None,
    pass_file: PassFile = None,
    level: Annotated[Level, typer.Option(help="B-B | B-T | B-LT | B-LTA")] = "B-B",
    tsa: Annotated[str | None, typer.Option(help="Địa chỉ cấp dấu thời gian · TSA URL")] = None,
    trust: Trust = None,
    invisible: Annotated[
        bool, typer.Option("--invisible", help="Không đóng khung chữ ký · without a stamp")
    ] = False,
    seal: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Ảnh con dấu PNG cho bản gốc · seal"),
    ] = None,
    seal_mm: Annotated[float, typer.Option(help="Bề rộng thật của dấu, mm · real width")] = 36.0,
    seal_at: Annotated[
        str, typer.Option(help="TRANG,X,Y tâm dấu, mm từ trái và trên · PAGE,X,Y in mm")
    ] = "",
    pkcs11_module: Module = None,
    token: Token = None,
    as_json: Json = False,
) -> int:
    """Ký PDF ở đúng góc theo luật, một hay nhiều tệp · sign in the legal corner, one or many."""
    from api.settings import load_settings
    from api.wiring import file_desk
    from ingest.file_signing import SigningRun
    from signing.batch import Order, plan, plan_one
    from signing.revocation import Revocation
    from signing.sign import Strength
    from signing.stamp_texts import load_wordings
    from vocabulary.clock import SystemClock

    settings = load_settings()
    revocation = Revocation(settings.revocation_folder, settings.revocation_online)
    strength = Strength(level, tsa, tuple(trust or ()), revocation)
    many = len(files) > 1 or files[0].is_dir() or out.is_dir()
    wanted = _seal(seal, seal_mm, seal_at, role, many=many)  # told before the PIN is asked
    jobs = plan(files, out) if many else [plan_one(files[0], out)]
    texts = load_wordings(settings.stamp_texts).on(SystemClock().now())
    stamps = not invisible and wanted is None
    with (
        file_desk(settings, stamps=stamps) as desk,
        opened_key(key, pass_file, pkcs11_module, token) as signer,
    ):
        order = Order(signer, role, strength, visible=not invisible, texts=texts, seal=wanted)
        mine = SigningRun(desk, order)
        if not many:
            mine.one(jobs[0])
            record = {"file": str(files[0]), "out": str(out), "state": "signed"}
            emit_or_say(as_json, record, f"✓ {out}")
            return 0
        states: dict[str, int] = {}
        with progress(len(jobs), "Ký") as bar:
            for outcome in mine.all(jobs, out):
                states[outcome.state] = states.get(outcome.state, 0) + 1
                emit_or_say(as_json, _record(outcome), _line(outcome))
                bar.advance(bar.task_ids[0])
    if not as_json:
        say(
            f"Ký xong {states.get('signed', 0)}, đã ký từ trước "
            f"{states.get('already_signed', 0)}, không ký được {states.get('stopped', 0)}. "
            f"Kết quả: {out}"
        )
    return 3 if states.get("stopped") else 0


def sign_tasks(
    service: Annotated[str, typer.Option(help="Địa chỉ dịch vụ · address of the service")],
    token_file: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="Tệp mã truy cập của bạn · your token"),
    ],
    key: Key = None,
    pass_file: PassFile = None,
    pkcs11_module: Module = None,
    token: Token = None,
    keep: Annotated[
        Path | None, typer.Option(help="Thư mục giữ tệp đã ký để đọc · folder to keep the files")
    ] = None,
    as_json: Json = False,
) -> int:
    """Ký mọi giấy tờ đang chờ bạn ký, một lần nhập PIN · sign all that waits for you."""
    from signing.task_client import Service, sign_waiting

    access = Service(service, token_file.read_text(encoding="utf-8").strip())
    states: dict[str, int] = {}
    with opened_key(key, pass_file, pkcs11_module, token) as signer:
        for done in sign_waiting(access, signer, keep):
            states[done.state] = states.get(done.state, 0) + 1
            why = done.trouble
            record = {
                "task": done.task, "document": done.document, "file": done.name,
                "state": done.state, "reason": why.error_code if why else None,
                "message": why.vi if why else None,
            }  # fmt: skip
            mark = f"✗ {done.name}: {why.vi} [{why.error_code}]" if why else f"✓ {done.name}"
            emit_or_say(as_json, record, mark)
    if not as_json:
        say(f"Đã ký {states.get('signed', 0)}, không ký được {states.get('stopped', 0)}.")
    return 3 if states.get("stopped") else 0


def _seal(
    picture: Path | None, width_mm: float, at: str, role: str, *, many: bool
) -> "SealImage | None":
    from signing.seal_image import SealImage

    if picture is None:
        return None
    try:
        page, x, y = at.split(",")
        seal = SealImage(picture, width_mm, int(page), float(x), float(y))
    except ValueError:
        raise UsageError(
            "Cần vị trí con dấu: --seal-at TRANG,X,Y (mm). Ví dụ: --seal-at 1,150,240",
            "The seal needs its place: --seal-at PAGE,X,Y (mm). Example: --seal-at 1,150,240",
        ) from None
    if role != "organisation" or many:
        raise UsageError(
            "Con dấu chỉ dùng khi ký một tệp bằng --as organisation.",
            "A seal goes with one file and --as organisation.",
        )
    return seal


@contextmanager
def opened_key(
    key: Path | None, pass_file: Path | None, module: Path | None, token: str | None
) -> "Iterator[Signer]":
    """The key of a file or of a token, unlocked once for everything that is to be signed.

    Raises:
        UsageError: not exactly one of both is named.
    """
    if (key is None) == (token is None and module is None):
        raise UsageError(
            "Hãy chọn một: --key KHÓA.p12, hoặc --pkcs11-module với --token.",
            "Choose one: --key KEY.p12, or --pkcs11-module with --token.",
        )
    passphrase = _passphrase(pass_file)
    if key is not None:
        from signing.keys import load_pkcs12

        yield load_pkcs12(key, passphrase)
        return
    if module is None:
        raise UsageError("Thiếu --pkcs11-module.", "--pkcs11-module is missing.")
    from signing.tokens import TokenPlace, open_token

    label, _, name = (token or "").partition("/")
    with open_token(TokenPlace(module, label or None, name or None), passphrase) as opened:
        yield opened


def _passphrase(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    if not sys.stdin.isatty():  # a script hands it in; there is no echo to hide
        return sys.stdin.readline().rstrip("\n")
    asked: str = typer.prompt(
        "Mật khẩu hoặc mã PIN · passphrase or PIN", hide_input=True, default="",
        show_default=False, err=True,
    )  # fmt: skip
    return asked


def _record(outcome: "Outcome") -> dict[str, Any]:
    trouble = outcome.trouble
    return {
        "file": str(outcome.job.source),
        "out": str(outcome.job.out),
        "state": outcome.state,
        "reason": trouble.error_code if trouble else None,
        "message": trouble.vi if trouble else None,
    }


def _line(outcome: "Outcome") -> str:
    name = outcome.job.source.name
    if outcome.trouble is not None:
        return f"✗ {name}: {outcome.trouble.vi} [{outcome.trouble.error_code}]"
    return f"✓ {name}{' (đã ký từ trước)' if outcome.state == 'already_signed' else ''}"
