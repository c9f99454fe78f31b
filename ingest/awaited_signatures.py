"""Signatures that are made elsewhere come back: checked, kept, and the paper goes on."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ingest.house import House
from ingest.intake import JOB
from repository import audit, documents, signing_tasks
from repository.audit import AuditEntry
from repository.signing_tasks import Task
from signing.awaited import is_elsewhere
from signing.keys import check_validity
from vocabulary.errors import InvalidRequest, SohoaError

_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: the raw ``signature`` over the attributes, or a whole ``cms``.

    ``certificate`` (DER): of whom it is, where the signer's program says so.
    """

    signature: bytes | None = None
    cms: bytes | None = None
    certificate: bytes | None = None


def take(house: House, task_id: str, given: Given, by: str) -> Task:
    """Keep an answer that fits, and let the paper go on; a repeated answer changes nothing.

    Raises:
        NotFound: no such task.
        InvalidRequest: ``certificate_differs``, ``signature_mismatch``,
            ``signature_too_long``, ``certificate_expired``, ``certificate_revoked``.
    """
    with house.database.read() as tx:
        task = signing_tasks.get(tx, task_id)
    content = _checked(house, task, given)
    if task.answer is None:
        keep(house, [(task, content)], by)
    with house.database.read() as tx:
        return signing_tasks.get(tx, task_id)


def _checked(house: House, task: Task, given: Given) -> bytes:
    from signing.deferred import Prepared, check_cms, cms_of  # heavy, and few calls need it
    from signing.revocation import Revocation, refuse_revoked

    prepared = Prepared.from_json(dict(task.new.prepared))
    if given.certificate is not None and given.certificate != prepared.certificate:
        raise InvalidRequest(
            f"Tệp này chờ chữ ký của {task.new.signer} bằng đúng chứng thư đã đăng ký. "
            "Hãy dùng đúng chứng thư số.",
            f"This paper waits for the signature of {task.new.signer} with the certificate that "
            "was registered. Use that certificate.",
            code="certificate_differs",
            field="certificate",
        )
    certificate = x509.load_der_x509_certificate(prepared.certificate)
    check_validity(certificate, house.clock.now())
    refuse_revoked(certificate, Revocation(house.revocation_folder).held())
    content = given.cms
    if content is None:
        content = cms_of(prepared, given.signature or b"")
    check_cms(prepared, content)
    return content


def keep(house: House, answers: list[tuple[Task, bytes]], by: str) -> None:
    """Keep checked answers and let their papers go on, all in one transaction."""
    now = house.clock.now()
    with house.database.write() as tx:
        for task, content in answers:
            if not signing_tasks.answer(tx, task.id, content, by, now):
                continue
            new = task.new
            documents.note_answered(tx, new.document_id, new.role, by, now)
            detail = {"role": new.role, "certificate": new.certificate_sha256}
            entry = AuditEntry("signature.given", by, now, new.document_id, detail=detail)
            audit.append(tx, entry)
            house.queue.enqueue(tx, JOB, new.document_id, {})


def begin_stale_ones_anew(house: House) -> int:
    """Papers whose signer is not the awaited one any more go on at once; how many.

    After a certificate was renewed, or the settings name another way to sign.
    """
    begun = 0
    for how in ("own_computer", "remote"):
        cursor = None
        while True:
            with house.database.read() as tx:
                page = signing_tasks.waiting(tx, how, cursor=cursor, limit=_PAGE)
            stale = [task for task in page.items if not _still_awaited(house, task)]
            if stale:
                with house.database.write() as tx:
                    for task in stale:
                        house.queue.enqueue(tx, JOB, task.new.document_id, {})
                begun += len(stale)
            cursor = page.next
            if cursor is None:
                break
    return begun


def _still_awaited(house: House, task: Task) -> bool:
    if house.seal is None:
        return True  # nobody signs at all for now; with keys it goes on
    signer = house.seal.signer(task.new.role)
    if not is_elsewhere(signer) or signer.how != task.new.how:
        return False
    try:
        accounts = (task.created_by,)
        current = signer.awaited(accounts).certificate.public_bytes(Encoding.DER)
        if sha256(current).hexdigest() == task.new.certificate_sha256:
            return True
        from signing.deferred import Prepared

        prepared = Prepared.from_json(dict(task.new.prepared))
        return bool(signer.still_awaited(prepared.certificate))
    except SohoaError:
        return True  # the service or the certificate's file is away: nothing is known
