# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Many files, one key, one PIN: each is signed exactly once, however often the run was killed.

Nothing is remembered beside the files. A result is there whole or not at all
(:func:`signing.sign.new_version`), and whether a result is the signed version of its source
is read from its bytes: it begins with the source, and its last signature is this key's and
holds. So a run that is started again signs just what is missing.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.serialization import Encoding

from signing import keys
from signing.seal_image import SealImage
from signing.sign import FIELD_NAMES, Strength, sign_file
from signing.stamp import StampTexts
from signing.validation.changes import judge_changes
from signing.validation.integrity import judge_contents
from signing.validation.reading import open_pdf
from signing.validation.timing import digest_of
from vocabulary.errors import (
    Conflict,
    IntegrityFailure,
    MissingPart,
    SohoaError,
    Stopped,
    UsageError,
)
from vocabulary.papers import Box
from vocabulary.signers import SignerRole

_CHUNK: Final = 1 << 20
_ABOUT_ONE_FILE: Final = frozenset({"signing_failed", "reader_gone"})
"""MissingPart that another file may not meet; every other ends the run."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file of a batch and where its signed version belongs."""

    source: Path
    out: Path


@dataclass(frozen=True, slots=True)
class Order:
    """Who signs, in which corner or with which seal, how strongly.

    ``occupied``: boxes of page 1 of a file (points) that the stamp must not cover; it is
    asked only where a stamp is set.
    """

    key: keys.Signer
    role: SignerRole
    strength: Strength = field(default_factory=Strength)
    visible: bool = True
    texts: StampTexts | None = None
    seal: SealImage | None = None
    occupied: Callable[[Path], Sequence[Box]] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; ``trouble`` says why it stays unsigned."""

    job: Job
    state: Literal["signed", "already_signed", "stopped"]
    trouble: SohoaError | None = None


def plan(inputs: Sequence[Path], folder: Path) -> list[Job]:
    """The files of a batch: each in ``folder`` under its name; folders with what is in them.

    Raises:
        UsageError: nothing to sign, two files for one name, a result in its source's place.
    """
    jobs: dict[Path, Job] = {}
    whole = folder.resolve()
    for given in inputs:
        files = sorted(_pdfs(given, whole)) if given.is_dir() else [given]
        for source in files:
            out = folder / (source.relative_to(given) if given.is_dir() else source.name)
            before = jobs.get(out)
            if before is not None and before.source.resolve() != source.resolve():
                raise UsageError(
                    f"Hai tệp cùng tên kết quả {out.name}: {before.source} và {source}. "
                    "Hãy ký chúng vào hai thư mục.",
                    f"Two files would both become {out.name}: {before.source} and {source}. "
                    "Sign them into two folders.",
                )
            _refuse_same(source, out)
            jobs[out] = Job(source, out)
    if not jobs:
        raise UsageError("Không có tệp PDF nào để ký.", "There is no PDF to sign.")
    return list(jobs.values())


def plan_one(source: Path, out: Path) -> Job:
    """One file and its result.

    Raises:
        UsageError: the result would take its source's place.
    """
    _refuse_same(source, out)
    return Job(source, out)


def _refuse_same(source: Path, out: Path) -> None:
    if out.resolve() == source.resolve():
        raise UsageError(
            "Kết quả trùng chỗ tệp gốc. Tệp gốc không bao giờ bị ghi đè: hãy chọn chỗ khác.",
            "The result would take the place of its source, which is never overwritten. "
            "Choose another place.",
        )


def _pdfs(folder: Path, without: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.resolve().is_relative_to(without) and folder.resolve() != without
        if path.suffix.lower() == ".pdf" and path.is_file() and not inside:
            yield path


def sign_batch(
    jobs: Sequence[Job], sign: Callable[[Job], Outcome], folder: Path
) -> Iterator[Outcome]:
    """Hand each file to ``sign`` in turn, one outcome a file; files that stop, stop alone.

    Raises:
        Conflict: ``batch_running``, another run works on the same folder.
        MissingPart, InvalidRequest: what every file would meet (time stamping authority,
            token, certificate); what is signed stays signed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        for job in jobs:
            try:
                job.out.parent.mkdir(parents=True, exist_ok=True)
                sweep(job.out)
                yield sign(job)
            except (Stopped, Conflict, IntegrityFailure) as trouble:
                sweep(job.out)
                yield Outcome(job, "stopped", trouble)
            except MissingPart as trouble:
                sweep(job.out)
                if trouble.error_code not in _ABOUT_ONE_FILE:
                    raise
                yield Outcome(job, "stopped", trouble)
            except BaseException:  # the run is to end; who signs has ended with this call
                sweep(job.out)
                raise


def sign_once(job: Job, order: Order) -> Outcome:
    """Sign one file of a batch, unless its result is there already.

    Raises:
        Stopped, Conflict, MissingPart: why this file stays unsigned, ``output_exists``
            among them.
    """
    if not job.out.exists():
        sign_one(job, order)
        return Outcome(job, "signed")
    if is_signed_version(job, order):
        return Outcome(job, "already_signed")
    raise Conflict(
        f"Đã có tệp {job.out.name} nhưng không phải bản ký của tệp này. "
        "Hãy chuyển tệp đó đi rồi chạy lại.",
        f"{job.out.name} is there and is not the signed version of this file. "
        "Move it away and run again.",
        code="output_exists",
    )


def sign_one(job: Job, order: Order) -> None:
    """Write ``job.out``, as :func:`signing.sign.sign_file` does, off what stands on the page."""
    strength = order.strength
    stamped = order.visible and order.seal is None
    avoid = order.occupied(job.source) if stamped and order.occupied is not None else ()
    sign_file(
        job.source, job.out, order.key, order.role, strength.level, strength.tsa_url,
        anchors=strength.anchors, revocation=strength.revocation, visible=order.visible,
        texts=order.texts, seal=order.seal, avoid=avoid,
    )  # fmt: skip


def is_signed_version(job: Job, order: Order) -> bool:
    """Whether ``job.out`` is ``job.source`` with this key's signature, whole and intact."""
    if not _begins_with(job.out, job.source):
        return False
    wanted = order.key.certificate.public_bytes(Encoding.DER)
    before = job.source.stat().st_size
    with open_pdf(job.out) as pdf:
        own = [one for one in pdf.fields if not one.is_timestamp]
        if not own or len(own[-1].byte_range) != 4:
            return False
        last = own[-1]
        if last.byte_range[2] <= before or not last.name.startswith(FIELD_NAMES[order.role]):
            return False
        finding = judge_contents(last.contents, last.subfilter, digest_of(pdf, last))
        changes = judge_changes(pdf, last)
        return (
            finding.integrity == "intact"
            and finding.certificate is not None
            and finding.certificate.dump() == wanted
            and changes.covers != "unclear"
            and changes.changes in ("none", "evidence")
            and (order.strength.level == "B-B" or bool(finding.tokens))
        )


def _begins_with(longer: Path, shorter: Path) -> bool:
    with longer.open("rb") as one, shorter.open("rb") as other:
        while block := other.read(_CHUNK):
            if one.read(len(block)) != block:
                return False
    return True


def sweep(out: Path) -> None:
    """Remove drafts of ``out`` that a process which died has left; nobody else may work on it."""
    draft = re.compile(re.escape(f".{out.name[:200]}-") + "[0-9a-f]{12}")
    for path in out.parent.glob(f".{_globbed(out.name[:200])}-*"):
        if draft.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _globbed(name: str) -> str:
    return re.sub(r"([*?\[\]])", r"[\1]", name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two runs at once would both sign a file; the lock ends with its process."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                f"Đang có một đợt ký khác vào thư mục {folder}. Hãy chờ đợt đó xong.",
                f"Another run signs into {folder}. Wait until it has ended.",
                code="batch_running",
            ) from None
        yield
    finally:
        os.close(handle)
