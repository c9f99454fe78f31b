"""Other systems are told of what concerns them: signed, retried, and told again on demand.

A system hears of papers that it handed in itself (``document.available``) and of papers that
it was given as evidence (``document.superseded``, ``document.withdrawn``). Nothing of it names
a person. The signature is HMAC-SHA-256 over the moment and the body, so that a message can
neither be forged nor played again later::

    Sohoa-Signature: t=1795742400,v1=<hex of HMAC(secret, "1795742400." + body)>
"""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from sqlalchemy.orm import Session

from ingest.house import House
from repository import subscriptions
from repository.documents import Document
from repository.ports import Job
from repository.subscriptions import Event, Subscription
from vocabulary import correlation
from vocabulary.clock import vietnam_time
from vocabulary.errors import InvalidRequest
from vocabulary.trusted_roots import trusted_roots

JOB: Final = "webhook"
"""Kind of the job that delivers one message; the key is the delivery's id."""

SIGNATURE: Final = "Sohoa-Signature"
_TIMEOUT_S: Final = 10.0
_FIRST_PAUSE: Final = timedelta(seconds=15)
_MOST_ATTEMPTS: Final = 12
"""With pauses that double: the last attempt comes after some 17 hours."""

_EVENT_OF: Final[dict[str, Event]] = {
    "active": "document.available",
    "superseded": "document.superseded",
    "corrected": "document.superseded",
    "withdrawn": "document.withdrawn",
}


def secret_of(house: House, subscription_id: str) -> str:
    """The secret of a subscription: made from the office's own, so that none is stored."""
    key = hmac.new(house.audit_key, b"webhook|" + subscription_id.encode(), hashlib.sha256)
    return key.hexdigest()


def signature(secret: str, moment: int, body: bytes) -> str:
    """The header's value."""
    signed = hmac.new(secret.encode(), str(moment).encode() + b"." + body, hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"


def check_address(house: House, url: str) -> None:
    """Only hosts that the administrator has named are called, by https.

    Raises:
        InvalidRequest: ``callback_not_allowed``.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    own = parts.scheme == "http" and host in ("127.0.0.1", "localhost")
    if host not in house.webhook_hosts or not (parts.scheme == "https" or own):
        raise InvalidRequest(
            "Địa chỉ nhận tin chưa được phép. Quản trị thêm máy chủ vào SOHOA_WEBHOOK_HOSTS; "
            "địa chỉ bắt đầu bằng https://.",
            "This address may not be called. The administrator adds its host to "
            "SOHOA_WEBHOOK_HOSTS; it begins with https://.",
            code="callback_not_allowed",
            field="url",
        )


def tell(house: House, tx: Session, document: Document) -> None:
    """Note for each subscriber whom the document concerns what became of it."""
    event = _EVENT_OF.get(document.status)
    if event is None:
        return
    body: dict[str, Any] = {"event": event, "type": document.type}
    if event == "document.available":
        told = {document.created_by: {**body, "document": document.id}}
    else:
        told = {
            client: {**body, "evidence": piece, "response_id": response}
            for client, (piece, response) in subscriptions.receivers(tx, document.id).items()
        }
    for client, about in told.items():
        for one in subscriptions.all_of(tx, client):
            if event in one.events:
                _note(house, tx, one, event, document.id, about)


def again(house: House, tx: Session, delivery_id: str) -> None:
    """Put a delivery back to be sent."""
    house.queue.enqueue(tx, JOB, delivery_id, correlation.carried())


def deliver(house: House, job: Job) -> bool:
    """Send one message; what is not taken is tried again later, twelve times.

    Whether the job waits for another attempt.
    """
    with house.database.read() as tx:
        found = subscriptions.delivery(tx, job.key)
    if found is None:
        house.queue.done(job)
        return False
    delivery, to = found
    body = json.dumps(
        {"id": delivery.id, "at": vietnam_time(delivery.created_at), **delivery.body},
        ensure_ascii=False,
    ).encode()
    moment = int(house.clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        SIGNATURE: signature(secret_of(house, to.id), moment, body),
    }
    try:
        answer = httpx.post(
            to.url, content=body, headers=headers, timeout=_TIMEOUT_S, follow_redirects=False,
            verify=trusted_roots(),
        )  # fmt: skip
        said, taken = f"HTTP {answer.status_code}", answer.is_success
    except httpx.HTTPError as error:
        said, taken = type(error).__name__, False
    last = delivery.attempts + 1 >= _MOST_ATTEMPTS
    with house.database.write() as tx:
        house.queue.fence(tx, job)
        status: subscriptions.DeliveryStatus = (
            "delivered" if taken else "failed" if last else "waiting"
        )
        subscriptions.answered(tx, delivery.id, status, said, house.clock.now())
    if status == "waiting":
        house.queue.postpone(job, said, _FIRST_PAUSE * 2**delivery.attempts)
        return True
    house.queue.done(job)
    return False


def _note(
    house: House, tx: Session, to: Subscription, event: Event, about: str, body: dict[str, Any]
) -> None:
    made = subscriptions.note(tx, to, event, about, body, house.clock.now())
    if made is not None:
        house.queue.enqueue(tx, JOB, made, correlation.carried())
