"""The two signatures of a paper in turn, where a key is elsewhere and the answer is awaited.

The officer first, then the organisation (:mod:`signing.staged`). A turn that is made
elsewhere leaves a draft and ends the way for now; when the answer has come, the way is gone
again from its start and finds here how far it had got.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.shelf import Awaited, Shelf, TaskOutline
from ingest.tools import Received, Seal, Tools
from vocabulary.papers import Box
from vocabulary.signers import SignerRole

if TYPE_CHECKING:
    from signing.awaited import AwaitedSigner
    from signing.certify import CertifyOrder
    from signing.deferred import Prepared
    from signing.staged import KeptStamp


def waits(tools: Tools, shelf: Shelf) -> bool:
    """Whether a signature is awaited; turns that nobody will take any more begin anew."""
    if tools.seal is None:
        return False
    for task in shelf.awaited().values():
        if task.answer is None:
            if _still_awaited(tools.seal, task):
                return True
            shelf.stop_awaiting(task.role)
    return False


def _still_awaited(seal: Seal, task: Awaited) -> bool:
    from signing.deferred import Prepared

    certificate = Prepared.from_json(dict(task.prepared)).certificate
    return seal.awaits(task.role) and bool(seal.signer(task.role).still_awaited(certificate))


def half_signed(tools: Tools, shelf: Shelf) -> bool:
    """Whether an answer has come, so that the paper need not be composed again."""
    if tools.seal is None or not tools.seal.elsewhere:
        return False
    return any(one.answer for one in shelf.awaited().values())


def take_turns(
    composed: Path, tools: Tools, received: Received, avoid: Sequence[Box], shelf: Shelf
) -> Path | None:
    """The file with both signatures, or None while one is awaited."""
    from signing import staged

    assert tools.seal is not None
    seal, tasks = tools.seal, shelf.awaited()
    if "organisation" in tasks:
        return _finished(_filled(tasks["organisation"], tools, shelf), tools)
    half = tools.scratch / "half-signed.pdf"
    if "officer" in tasks:
        task = tasks["officer"]
        half = _filled(task, tools, shelf)
        order = _order(seal, received, avoid, officer=_signer_of(task))
        stamp = staged.KeptStamp.from_json(dict(task.kept))
    elif seal.awaits("officer"):
        order = _order(seal, received, avoid)
        draft = tools.scratch / "officer-draft.pdf"
        prepared, stamp = staged.officer_draft(composed, draft, order)
        shelf.await_signature(draft, _outline(seal, "officer", prepared, stamp))
        return None
    else:
        order = _order(seal, received, avoid)
        stamp = staged.officer_turn(composed, half, order)
    if seal.awaits("organisation"):
        draft = tools.scratch / "organisation-draft.pdf"
        prepared = staged.organisation_draft(half, draft, order, stamp)
        shelf.await_signature(draft, _outline(seal, "organisation", prepared, stamp))
        return None
    out = tools.scratch / "certified.pdf"
    staged.organisation_turn(half, out, order, stamp)
    return out


def _order(
    seal: Seal, received: Received, avoid: Sequence[Box], officer: "AwaitedSigner | None" = None
) -> "CertifyOrder":
    first = officer or seal.present(seal.officer, received.accounts)
    second = seal.present(seal.organisation, received.accounts)
    return seal.order(received, avoid, first, second)


def _signer_of(task: Awaited) -> "AwaitedSigner":
    from signing.deferred import Prepared

    return Prepared.from_json(dict(task.prepared)).signer


def _outline(seal: Seal, role: SignerRole, prepared: "Prepared", stamp: "KeptStamp") -> TaskOutline:
    from signing.keys import common_name

    return TaskOutline(
        role=role,
        how=seal.signer(role).how,
        signer=common_name(prepared.signer.certificate),
        fingerprint=sha256(prepared.certificate).hexdigest(),
        prepared=prepared.to_json(),
        kept=stamp.to_json(),
    )


def _filled(task: Awaited, tools: Tools, shelf: Shelf) -> Path:
    """The draft with its answer in its place, time-stamped where the level asks for it."""
    from signing.deferred import Prepared, complete_with_cms

    assert tools.seal is not None
    assert task.answer is not None
    out = tools.scratch / f"signed-by-{task.role}.pdf"
    with shelf.held(task.draft) as draft:
        prepared = Prepared.from_json(dict(task.prepared))
        complete_with_cms(draft, out, prepared, task.answer, tools.seal.tsa_url)
    return out


def _finished(signed: Path, tools: Tools) -> Path:
    """With long-term evidence, where the second signature came from elsewhere without it."""
    seal = tools.seal
    assert seal is not None
    if seal.level in ("B-B", "B-T"):
        return signed
    from signing.renewal import lengthen

    out = tools.scratch / "certified.pdf"
    lengthen(signed, out, seal.strength())
    return out
