"""Gates of a dossier: asking for supplements, moving on, closing, ending without a result.

A request for a paper that is held is refused unless a legal reason is given, which is
logged and reported; no dossier moves on with an unsigned component, and none is closed
without its signed results.
"""

from collections.abc import Sequence
from typing import Any

from ingest.cases import (
    Case,
    changed,
    log,
    must_be_the_applicants,
    open_case,
    type_not_accepted,
)
from ingest.house import House
from repository import documents, dossiers, result_codes
from repository.dossiers import ENDS, DossierState, Override, Paper
from vocabulary.errors import Conflict, InvalidRequest


def start(house: House, code: str, by: str, expected: int | None = None) -> Case:
    """Move on to processing: every required component is there, checked and signed.

    Raises:
        Conflict: ``components_not_ready`` with the list, ``dossier_ended``.
    """
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        waiting = dossiers.not_ready(case.procedure, case.states, case.papers, case.documents)
        if waiting:
            names = ", ".join(waiting)
            raise Conflict(
                f"Chưa chuyển xử lý được: thành phần {names} còn thiếu, chưa kiểm tra hoặc chưa "
                "được ký số.",
                f"The dossier cannot move on: {names} awaited, not checked or not signed.",
                code="components_not_ready",
                components=list(waiting),
            )
        dossiers.note(tx, case.dossier.code, house.clock.now(), by, "started", {})
        return changed(house, tx, case, by, expected, state="in_progress")


def request_supplements(
    house: House,
    code: str,
    components: Sequence[str],
    message: str,
    override: Override | None,
    by: str,
    expected: int | None = None,
) -> Case:
    """Ask the applicant for papers, unless they are held.

    Raises:
        Conflict: ``already_held``, with what is held; ``dossier_ended``.
        InvalidRequest: ``component_unknown``, ``component_repeated``, ``override_incomplete``.
    """
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        asked = _known_components(case, components)
        held = dossiers.held_among(asked, case.answers, case.states, case.papers)
        refusal = _already_held(held) if held and override is None else None
        if refusal is not None:
            log(house, tx, case.dossier, by, "dossier.request", outcome="refused",
                 components=list(asked), held=[one.component for one in held])  # fmt: skip
        else:
            checked = _complete(override) if override else None
            overridden = [one.component for one in held]
            now = house.clock.now()
            request = dossiers.new_request(asked, message, overridden, checked, by, now)
            dossiers.add_request(tx, case.dossier.code, request)
            detail: dict[str, Any] = {"request": request.id, "components": list(asked)}
            if request.override:
                detail |= {"overridden": overridden, "override": request.override.to_json()}
            dossiers.note(tx, case.dossier.code, now, by, "supplements_requested", detail)
            event = "dossier.override" if request.override else "dossier.request"
            log(house, tx, case.dossier, by, event, **detail)
            case = changed(house, tx, case, by, expected, state="awaiting_supplement")
    if refusal is not None:  # after the refusal is on stable storage
        raise refusal
    return case


def add_results(
    house: House, code: str, results: Sequence[str], by: str, expected: int | None = None,
    other_holder: str = "",
) -> Case:  # fmt: skip
    """Add results of the procedure; whether they are signed is asked when the dossier closes.

    ``other_holder``: why a result is somebody else's (a person's certificate that the employer
    applied for).

    Raises:
        NotFound: no such dossier or document.
        Conflict: ``type_not_accepted``, ``component_is_no_result``, ``holder_differs``,
            ``dossier_ended``, ``version_changed``.
    """
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        wanted = {result.type for result in case.procedure.results}
        now = house.clock.now()
        for document in dict.fromkeys(results):
            found = documents.get(tx, document)
            if found.type not in wanted:
                raise type_not_accepted(found.type, sorted(wanted))
            must_be_the_applicants(case, found.subject_id, other_holder)
            if any(one.document == document and one.component for one in case.papers):
                raise Conflict(
                    "Giấy tờ này đang là thành phần của chính hồ sơ, không thể là kết quả của nó.",
                    "This paper stands for a component of the same dossier: it is no result of it.",
                    code="component_is_no_result",
                )
            paper = Paper(document, None, "handed_in", by, now)
            if dossiers.add_paper(tx, case.dossier.code, paper):
                detail = {"document": document, "type": found.type}
                if other_holder:
                    detail["other_holder"] = other_holder
                dossiers.note(tx, case.dossier.code, now, by, "result_added", detail)
        return changed(house, tx, case, by, expected)


def close(house: House, code: str, by: str, expected: int | None = None) -> Case:
    """The closing gate: every expected result is there and validly signed.

    Raises:
        Conflict: ``results_missing``, ``result_not_signed`` (each with the list),
            ``dossier_ended``, ``version_changed``.
    """
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        results = case.results
        missing = dossiers.missing_results(case.procedure, {one.type for one in results})
        if missing:
            names = {result.type: result.name for result in case.procedure.results}
            raise Conflict(
                "Chưa đóng được hồ sơ: còn thiếu kết quả "
                f"{', '.join(names[one] for one in missing)}. Hãy gắn kết quả điện tử đã ký số.",
                "The dossier cannot close: results are missing. Add the signed results.",
                code="results_missing",
                results=[{"type": one, "name": names[one]} for one in missing],
            )
        unfit = dossiers.unfit_results(results)
        if unfit:
            raise Conflict(
                "Chưa đóng được hồ sơ: có kết quả chưa được ký số hợp lệ hoặc chưa có hiệu lực.",
                "The dossier cannot close: a result is not validly signed or not in force.",
                code="result_not_signed",
                results=[
                    {"document": one.document, "type": one.type, "reasons": list(one.reasons)}
                    for one in unfit
                ],
            )
        now = house.clock.now()
        dossiers.note(tx, case.dossier.code, now, by, "closed", {})
        given = [one.document for one in case.papers if one.component is None]
        result_codes.give_results(tx, case.dossier.code, given, now)
        log(house, tx, case.dossier, by, "dossier.closed", results=[one.id for one in results])
        return changed(house, tx, case, by, expected, state="done", closed_at=now)


def end(
    house: House, code: str, state: DossierState, reason: str, by: str, expected: int | None = None
) -> Case:
    """End without a result: refused, withdrawn by the applicant, or stopped; always with a reason.

    Raises:
        InvalidRequest: no such end, or no reason.
        Conflict: ``dossier_ended``, ``version_changed``.
    """
    if state not in ENDS or not reason.strip():
        raise InvalidRequest(
            "Hãy chọn refused, withdrawn hoặc stopped và ghi lý do.",
            "Choose refused, withdrawn or stopped, and give the reason.",
            field="state",
        )
    with house.database.write() as tx:
        case = open_case(house, tx, code)
        now = house.clock.now()
        dossiers.note(tx, case.dossier.code, now, by, state, {"reason": reason.strip()})
        log(house, tx, case.dossier, by, f"dossier.{state}", reason=reason.strip())
        return changed(house, tx, case, by, expected, state=state, closed_at=now)


def _known_components(case: Case, components: Sequence[str]) -> tuple[str, ...]:
    known = {component.code for component in case.procedure.components}
    unknown = [one for one in components if one not in known]
    if unknown or not components:
        raise InvalidRequest(
            f"Thủ tục không có thành phần: {', '.join(unknown) or '(trống)'}.",
            f"The procedure has no such component: {', '.join(unknown) or '(none given)'}.",
            code="component_unknown",
            field="components",
        )
    if len(set(components)) != len(components):
        raise InvalidRequest(
            "Một thành phần được yêu cầu hai lần. Hãy chọn mỗi thành phần một lần.",
            "A component is asked for twice. Name each once.",
            code="component_repeated",
            field="components",
        )
    return tuple(components)


def _complete(override: Override) -> Override:
    """The override, if it has one of the legal reasons, its basis and the facts."""
    if override.reason not in dossiers.OVERRIDE_REASONS:
        known = ", ".join(dossiers.OVERRIDE_REASONS)
        raise InvalidRequest(
            f"Lý do {override.reason} không có trong danh mục. Các lý do: {known}.",
            f"There is no such reason: {override.reason}. Known: {known}.",
            code="override_reason_unknown",
            field="override.reason",
        )
    if not override.legal_basis.strip() or not override.note.strip():
        raise InvalidRequest(
            "Yêu cầu nộp lại giấy tờ đã có phải nêu căn cứ pháp lý và diễn giải.",
            "Asking again for a held paper takes its legal basis and a note.",
            code="override_incomplete",
            field="override",
        )
    return override


def _already_held(held: Sequence[dossiers.Held]) -> Conflict:
    names = ", ".join(one.component for one in held)
    return Conflict(
        f"Không được yêu cầu nộp lại giấy tờ đã có: {names}. Hãy dùng bản đang lưu; chỉ khi có "
        "lý do theo luật mới được yêu cầu, kèm căn cứ và diễn giải.",
        f"What is held must not be asked for again: {names}. Use what is held; only a legal "
        "reason, with its basis and a note, allows the request.",
        code="already_held",
        held=[
            {
                "component": one.component,
                "documents": list(one.documents),
                "links": [f"/v1/documents/{document}" for document in one.documents],
            }
            for one in held
        ],
    )
