"""Errors become problems of RFC 9457 in one table."""

import pytest

from api import problems
from vocabulary import errors
from vocabulary.errors import Conflict, InvalidRequest, NotAuthenticated, SohoaError, Stopped


def test_every_class_of_the_error_tree_has_a_status() -> None:
    known = {kind for kind, _ in problems.STATUS}
    tree = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, SohoaError) and kind is not SohoaError
    }
    assert tree == known


def test_a_problem_says_what_to_do_in_both_languages_with_a_stable_code() -> None:
    problem = problems.from_error(
        Conflict("Tải lại.", "Reload.", code="version_changed", current=3)
    )
    assert problem.status == 412
    assert problem.to_json() == {
        "type": "urn:sohoa:problem:version_changed",
        "title": "Dữ liệu đã thay đổi",
        "status": 412,
        "code": "version_changed",
        "detail": "Tải lại.",
        "detail_en": "Reload.",
        "current": 3,
    }


def test_detail_of_an_error_never_overwrites_the_members_of_the_standard() -> None:
    error = InvalidRequest("vi", "en", status=200, type="about:blank")
    assert problems.from_error(error).to_json()["status"] == 422
    assert problems.from_error(error).to_json()["type"] == "urn:sohoa:problem:invalid_request"


def test_a_stopped_file_gives_its_reason_as_code() -> None:
    problem = problems.from_error(Stopped("not_a_document", "x.exe"))
    assert (problem.status, problem.code) == (422, "not_a_document")


def test_nobody_is_told_how_to_log_in() -> None:
    problem = problems.from_error(NotAuthenticated("vi", "en"))
    assert problem.headers["WWW-Authenticate"].startswith("Bearer")


def test_whoever_has_to_wait_is_told_how_long() -> None:
    error = NotAuthenticated("vi", "en", code="too_many_attempts", retry_after=7)
    problem = problems.from_error(error)
    assert (problem.status, problem.headers["Retry-After"]) == (429, "7")


def test_values_that_do_not_fit_are_named_but_not_repeated() -> None:
    problem = problems.from_validation(
        [{"loc": ("body", "subject", "id"), "msg": "Field required", "input": "0901234564"}]
    )
    assert problem.extra["errors"] == [
        {"field": "subject.id", "in": "body", "message": "Field required"}
    ]
    assert "0901234564" not in str(problem.to_json())


@pytest.mark.parametrize("status", [400, 404, 405, 413, 418, 599])
def test_what_the_http_layer_found_is_a_problem_too(status: int) -> None:
    problem = problems.from_status(status)
    assert problem.status == status
    assert problem.detail
    assert problem.detail_en


def test_an_unforeseen_error_shows_a_reference_and_nothing_else() -> None:
    problem = problems.unexpected("deadbeef")
    assert problem.to_json()["reference"] == "deadbeef"
    assert "deadbeef" in problem.detail
