"""Looking things up: page images for the screen, search hits, the once-only answer."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ingest import tasks
from ingest.house import House
from repository import documents, once_only, procedures, subjects
from signing.receipts import make_receipt
from vocabulary.clock import VIETNAM, vietnam_time


def page_image(house: House, document_id: str, number: int, width: int = 1000) -> bytes:
    """JPEG of one page, upright, ``width`` pixels wide; drawn in a bounded child.

    Raises:
        NotFound: no such document or page.
        Stopped: the page cannot be drawn.
    """
    with house.database.read() as tx:
        document = documents.get(tx, document_id)
        reading = documents.page(tx, document_id, number)
    rotation = reading.rotation if reading else 0
    with house.objects.local(document.sha256) as path:
        image: bytes = house.nursery.call(
            tasks.draw_page, path, document.media_type, house.open_limits, number, rotation,
            max(100, min(width, 2000)), bounds=house.bounds,
        )  # fmt: skip
    return image


def once_only_check(
    house: House, procedure: str, scheme: str, number: str, on: date | None = None,
    cases: Sequence[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """May these components be asked for? Shaped as surface.md section 6.

    ``cases``: of the procedure, that the dossier is; None answers for every component.

    Raises:
        NotFound: no such procedure on that day.
        InvalidRequest: the identifier does not fit its scheme.
    """
    day = on or house.clock.now().astimezone(VIETNAM).date()
    places = house.office.codes.places_on(day)
    with house.database.glimpse() as moment:
        holder, versions = moment.ask(
            subjects.asking_for(scheme, number), procedures.asking_for(procedure, day)
        )
        version = procedures.found_in(versions, procedure, day)
        if cases is not None:
            version = version.for_cases(cases)
        subject = subjects.found_in(holder, scheme)
        return once_only.check_version(moment, version, subject, day, places).to_json()


def receipt_of(
    house: House, answer: Mapping[str, Any], scheme: str, number: str, asked_by: str
) -> dict[str, Any] | None:
    """A signed receipt of a once-only answer; None in an office without keys.

    It names documents by their ids and hashes and the subject by a salted hash
    (:func:`subject_digest`): whoever knows the identifier can check that the receipt
    is about them, nobody else learns it.
    """
    if house.seal is None:
        return None
    used = [one for component in answer["components"] for one in component["use"]]
    with house.database.read() as tx:
        held = documents.hashes_of(tx, used)
    salt = secrets.token_hex(16)
    claims = {
        "kind": "once_only_answer",
        "office": house.office.name,
        "issued_at": vietnam_time(house.clock.now()),
        "asked_by": asked_by,
        "subject": {"salt": salt, "sha256": subject_digest(salt, scheme, number)},
        "answer": dict(answer),
        "sha256": held,
        "test": house.seal.test,
    }
    return make_receipt(claims, house.seal.organisation)


def subject_digest(salt: str, scheme: str, number: str) -> str:
    """SHA-256 over salt, scheme and identifier in normal form, joined by vertical bars."""
    identifier = subjects.normalise(scheme, number)
    plain = f"{salt}|{identifier.scheme}|{identifier.value}"
    return hashlib.sha256(plain.encode()).hexdigest()
