"""``sohoa demo``: the demo office and its dossier, taken the whole way."""

import io
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli.output import say, stderr
from vocabulary.errors import Conflict, MissingPart

if TYPE_CHECKING:
    from repository.accounts import Role

ACCOUNTS: Final[Mapping[str, tuple["Role", str]]] = {
    "clerk": ("clerk", "Nguyễn Thị Tiếp Nhận"),
    "officer": ("officer", "Trần Văn Thụ Lý"),
    "leader": ("leader", "Lê Thị Lãnh Đạo"),
    "inspector": ("inspector", "Phạm Văn Thanh Tra"),
    "admin": ("administrator", "Đỗ Thị Quản Trị"),
}
_ACCOUNTS_FILE: Final = "demo-accounts.json"
_SUMMARY_FILE: Final = "demo-summary.json"


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    commands = typer.Typer(help="Cơ quan thử nghiệm · the demo office", no_args_is_help=True)
    commands.command("run")(run)
    commands.command("office")(office)
    commands.command("remove")(remove)
    app.add_typer(commands, name="demo")


def run() -> None:
    """Tạo cơ quan thử nghiệm, đưa một hồ sơ đi hết con đường · make the demo and run it."""
    from api.settings import load_settings

    settings = load_settings()
    home = settings.home.absolute()
    if (home / _SUMMARY_FILE).exists():
        _print_summary(json.loads((home / _SUMMARY_FILE).read_text(encoding="utf-8")))
        _print_accounts(home)
        return
    from api.wiring import open_house  # only now: a second start should be quick
    from demo.office import demo_office

    if (home / "sohoa.db").exists() and demo_office(home) is None:
        say(f"«{home}» là dữ liệu của cơ quan thật: không tạo bản thử nghiệm.")
        return
    started = time.monotonic()
    office()
    with open_house(settings) as house:
        summary = _dossier(house)
    summary["seconds"] = round(time.monotonic() - started, 1)
    _keep(home / _SUMMARY_FILE, summary)
    _print_summary(summary)
    _print_accounts(home)


def office() -> None:
    """Chỉ tạo cơ quan thử nghiệm: khóa, tài khoản, thủ tục · keys, accounts, procedures only."""
    from api.settings import load_settings
    from api.wiring import open_house, prepare_home
    from demo.office import demo_office, make_demo_office
    from vocabulary.clock import SystemClock

    settings = load_settings()
    home = settings.home.absolute()
    prepare_home(home)
    if settings.database_url is not None and demo_office(home) is None:
        _must_be_new(settings)
    make_demo_office(home, SystemClock().now())
    with open_house(settings) as house:
        _make_people(house, home)
        _seed(house)


def remove(
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại · do not ask")] = False,
) -> None:
    """Xóa toàn bộ cơ quan thử nghiệm · remove the whole demo office."""
    from api.settings import load_settings
    from demo.office import remove_demo_office

    settings = load_settings()
    home = settings.home.absolute()
    if not yes:
        typer.confirm(f"Xóa mọi thứ trong {home}?", abort=True)
    remove_demo_office(home)
    say(f"Đã xóa {home}")
    places = (settings.database_url, settings.objects_url, settings.search_url)
    if any(place is not None for place in places):
        say(
            "Dữ liệu trên máy chủ vẫn còn: hãy xóa cơ sở dữ liệu, bucket và chỉ mục của bản thử "
            "nghiệm ở đó · what lies on servers is still there."
        )


def _must_be_new(settings: Any) -> None:
    """A catalogue on a server may be a real office's, whatever this host's folder says."""
    from api.wiring import open_house
    from repository import accounts

    with open_house(settings) as house, house.database.read() as tx:
        somebody = accounts.list_accounts(tx)
    if somebody:
        raise Conflict(
            "Cơ sở dữ liệu này đã có cơ quan: không tạo bản thử nghiệm ở đó. Hãy dùng cơ sở dữ "
            "liệu trống khác (SOHOA_DATABASE_URL).",
            "There is an office in this database: no demo is made there. Use another, empty "
            "database (SOHOA_DATABASE_URL).",
            code="office_there",
        )


def _make_people(house: Any, home: Path) -> None:
    """Accounts with random passwords, printed once and kept for their owner's eyes only."""
    from api.auth.passwords import make_hash
    from demo.office import write_private
    from repository import accounts, purposes

    if (home / _ACCOUNTS_FILE).exists():
        return
    told: dict[str, dict[str, str]] = {}
    now = house.clock.now()
    with house.database.write() as tx:
        for username, (role, name) in ACCOUNTS.items():
            password = secrets.token_urlsafe(12)
            account = accounts.create_account(
                tx, username, name, role, make_hash(password), now, demo=True
            )
            token = accounts.create_personal_token(tx, account.id, "demo", now)
            told[username] = {"username": username, "password": password, "token": token.token}
        secret = secrets.token_urlsafe(24)
        accounts.create_client(tx, "portal", "Cổng thử nghiệm", make_hash(secret), now, demo=True)
        purposes.grant(tx, "portal", purposes.ANY_PURPOSE, now)
        told["portal"] = {"client_id": "portal", "client_secret": secret}
        # Inside the transaction: accounts nobody knows the passwords of must not come to be.
        write_private(home / _ACCOUNTS_FILE, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _seed(house: Any) -> None:
    from repository.seed import load_procedures, load_schedule

    with house.database.write() as tx:
        load_procedures(tx, house.clock.now())
        load_schedule(tx)


def _dossier(house: Any) -> dict[str, Any]:
    from demo.dossier import demo_scans
    from ingest.intake import receive
    from ingest.worker import Worker
    from repository import batches, documents
    from vocabulary.clock import VIETNAM

    today = house.clock.now().astimezone(VIETNAM).date()
    with _step("Vẽ và «quét» hồ sơ mẫu · drawing and scanning the sample papers"):
        scans = demo_scans(today)
    with house.database.write() as tx:
        batch = batches.create(
            tx, "Hồ sơ mẫu", "clerk", house.clock.now(), declared_files=len(scans), demo=True
        )
    ids = {}
    with _step(f"Tiếp nhận {len(scans)} tệp · receiving"):
        for one in scans:
            got = receive(
                house, io.BytesIO(one.data), one.name, by="clerk", batch_id=batch.id,
                metadata=one.metadata,
            )  # fmt: skip
            ids[got.document_id] = one
    with _step("Đọc, trích trường thông tin · reading and extracting"):
        _work(house, ids)
    confirmed = 0
    with _step("Cán bộ xác nhận trường chưa chắc · confirming doubtful fields"):
        for document_id, one in ids.items():
            if not one.left_for_review:
                confirmed += _confirm(house, document_id, one.truth)
    with _step("Tạo PDF/A, ký, lưu, lập chỉ mục · composing, signing, storing, indexing"):
        Worker(house, house.cores).run(until_idle=True)
    with house.database.read() as tx:
        found = {one: documents.get(tx, one) for one in ids}
        fields = sum(len(documents.fields(tx, one)) for one in ids)
    states = [document.state for document in found.values()]
    return {
        "documents": len(found),
        "states": {state: states.count(state) for state in sorted(set(states))},
        "pages": sum(document.pages_read for document in found.values()),
        "fields": fields,
        "confirmed": confirmed,
        **_signatures(house, found),
        **_search(house),
        **_once_only(house),
    }


def _work(house: Any, ids: Mapping[str, Any]) -> None:
    """Work with a line of progress whenever a document has come to its named state."""
    from ingest.worker import Worker
    from repository import documents

    crew = threading.Thread(target=Worker(house, house.cores).run, kwargs={"until_idle": True})
    crew.start()
    shown: set[str] = set()
    while True:
        alive = crew.is_alive()
        with house.database.read() as tx:
            for one, paper in ids.items():
                document = documents.get(tx, one)
                if one not in shown and document.state in ("needs_review", "done", "stopped"):
                    shown.add(one)
                    stderr.print(f"      {paper.name}: {document.state}", style="dim")
        if not alive:
            return
        crew.join(0.2)


def _confirm(house: Any, document_id: str, truth: Mapping[str, Any]) -> int:
    """What the demo's officer does: correct what differs from the paper, then confirm."""
    from ingest import review
    from ingest.review_rules import ESSENTIAL
    from repository import documents

    with house.database.read() as tx:
        document = documents.get(tx, document_id)
        read = documents.fields(tx, document_id)
    if document.state != "needs_review":
        return 0
    wanted = {name for name, value in read.items() if value.needs_review} | set(ESSENTIAL)
    changes: dict[str, Any] = {}
    for name in sorted(wanted):
        seen = read[name].value if name in read else None
        if truth.get(name) != seen:
            changes[name] = truth.get(name)
    changes = {name: value for name, value in changes.items() if value or name in read}
    version = document.version
    if changes:
        version = review.save(house, document_id, changes, "clerk", version).version
    review.confirm(house, document_id, "clerk", version)
    return 1


def _signatures(house: Any, found: Mapping[str, Any]) -> dict[str, Any]:
    from ingest.signature_tasks import judge_signatures
    from repository import documents

    verdicts = []
    for one, document in found.items():
        if document.state != "done":
            continue
        with house.database.read() as tx:
            archival = documents.renditions(tx, one)["archival"]
        with house.objects.local(archival.sha256) as path:
            report, _ = house.nursery.call(
                judge_signatures, path, house.anchors, None, False, house.revocation_folder
            )
        verdicts += [signature.verdict for signature in report.signatures]
    return {"signatures": len(verdicts), "signatures_valid": verdicts.count("valid")}


def _search(house: Any) -> dict[str, Any]:
    from repository.ports import SearchQuery

    phrase = "giay phep tien hanh cong viec buc xa"
    hits = house.index.search(SearchQuery(text=phrase)).hits
    return {"search": phrase, "search_hits": len(hits)}


def _once_only(house: Any) -> dict[str, Any]:
    from demo.dossier import PROCEDURE, demo_subject
    from ingest.lookup import once_only_check, receipt_of
    from signing.receipts import verify_receipt

    subject = demo_subject()
    answer = once_only_check(house, PROCEDURE, subject.scheme, subject.id)
    receipt = receipt_of(house, answer, subject.scheme, subject.id, "demo")
    verdict = verify_receipt(receipt, house.anchors) if receipt else None
    return {
        "procedure": PROCEDURE,
        "subject": f"{subject.scheme}:{subject.id}",
        "subject_name": subject.name,
        "once_only": {one["component"]: one["answer"] for one in answer["components"]},
        "receipt_valid": bool(verdict and verdict.valid),
    }


@contextmanager
def _step(what: str) -> Iterator[None]:
    stderr.print(f"  … {what}", markup=False)
    started = time.monotonic()
    yield
    stderr.print(f"  ✓ {time.monotonic() - started:.1f} s", style="green")


def _keep(path: Path, summary: Mapping[str, Any]) -> None:
    from demo.office import write_private

    write_private(path, json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
    if not summary["search_hits"] or not summary["receipt_valid"]:
        raise MissingPart(
            "Bản thử nghiệm chưa đi hết con đường: xem các dòng trên.",
            "The demo did not go the whole way: see the lines above.",
        )


def _print_summary(summary: Mapping[str, Any]) -> None:
    held = [name for name, answer in summary["once_only"].items() if answer == "held"]
    asked = [name for name, answer in summary["once_only"].items() if answer != "held"]
    say("")
    say("HỒ SƠ MẪU ĐÃ ĐI HẾT CON ĐƯỜNG (cơ quan thử nghiệm, không có giá trị pháp lý)")
    say(f"  giấy tờ · documents      {summary['documents']} ({summary['states']})")
    say(f"  trang · pages            {summary['pages']}")
    people = f"{summary['confirmed']} giấy tờ do người xác nhận"
    say(f"  trường · fields          {summary['fields']} ({people})")
    valid = f"hợp lệ {summary['signatures_valid']} (CA thử nghiệm)"
    say(f"  chữ ký · signatures      {summary['signatures']}, {valid}")
    say(f"  tìm · search             «{summary['search']}» → {summary['search_hits']} giấy tờ")
    say(f"  chỉ một lần · once only  {summary['procedure']}, {summary['subject_name']}")
    say(f"      đã có, không yêu cầu nộp · held: {', '.join(held) or 'không'}")
    say(f"      cần nộp · must request:          {', '.join(asked) or 'không'}")
    checked = "kiểm tra đúng · verified" if summary["receipt_valid"] else "SAI · WRONG"
    say(f"  biên nhận · receipt      {checked}")
    say(f"  thời gian · seconds      {summary['seconds']}")


def _print_accounts(home: Path) -> None:
    path = home / _ACCOUNTS_FILE
    if not path.exists():
        return
    told = json.loads(path.read_text(encoding="utf-8"))
    say("")
    say(f"Đăng nhập · log in (giữ ở {path}, xóa thử nghiệm: sohoa demo remove)")
    for name in ACCOUNTS:
        say(f"  {told[name]['username']:<10} {told[name]['password']}")
