"""The table of rights: complete, deny by default, least privilege."""

import pytest

from api import access
from api.access import PUBLIC, Identity, Permission, Role, allow
from vocabulary.errors import NotAllowed


def somebody(*roles: Role, name: str = "somebody") -> Identity:
    return Identity("id", name, "Somebody", frozenset(roles), "token")


def test_every_permission_has_its_line_in_the_table() -> None:
    assert set(access.TABLE) == set(Permission)
    assert all(access.TABLE[permission] for permission in Permission)


@pytest.mark.parametrize("permission", list(Permission))
def test_whoever_has_no_role_has_no_right(permission: Permission) -> None:
    with pytest.raises(NotAllowed):
        access.require(somebody(), permission)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (
            Role.CLERK,
            (
                "hand_in read_documents review search once_only read_dossiers work_on_dossiers "
                "read_figures read_procedures verify own_account"
            ),
        ),
        (
            Role.OFFICER,
            (
                "hand_in read_documents review sign revoke search once_only read_dossiers "
                "work_on_dossiers read_figures read_procedures verify own_account read_keeping "
                "draft_disposal"
            ),
        ),
        (
            Role.LEADER,
            (
                "hand_in read_documents revoke search once_only read_dossiers work_on_dossiers "
                "read_figures read_procedures write_procedures verify own_account read_keeping "
                "set_retention hold draft_disposal approve_disposal"
            ),
        ),
        (
            Role.INSPECTOR,
            (
                "read_documents search once_only read_dossiers read_figures read_procedures verify "
                "read_audit "
                "own_account read_keeping hold"
            ),
        ),
        (
            Role.ADMINISTRATOR,
            (
                "read_figures read_procedures write_procedures verify operate own_account "
                "set_retention"
            ),
        ),
        (
            Role.SYSTEM,
            "hand_in read_documents once_only ask_for_evidence read_procedures verify operate",
        ),
    ],
)
def test_the_rights_of_each_role(role: Role, rights: str) -> None:
    found = {str(permission) for permission in Permission if access.has(somebody(role), permission)}
    assert found == set(rights.split())


def test_an_administrator_does_not_know_of_papers() -> None:
    assert not access.may_know(somebody(Role.ADMINISTRATOR), "clerk")


def test_a_system_knows_of_what_it_handed_in_itself() -> None:
    portal = somebody(Role.SYSTEM, name="portal")
    assert access.may_know(portal, "portal")
    assert not access.may_know(portal, "clerk")


def test_a_paper_with_a_secrecy_mark_is_shown_to_the_leader_alone() -> None:
    for role in (Role.CLERK, Role.OFFICER, Role.INSPECTOR):
        assert not access.may_see_content(somebody(role), "clerk", "secret_marked")
    assert access.may_see_content(somebody(Role.LEADER), "clerk", "secret_marked")
    assert access.may_see_content(somebody(Role.CLERK), "clerk", "damaged")


def test_a_function_without_a_mark_declares_nothing() -> None:
    def plain() -> None:
        return None

    assert access.declared(plain) is None
    assert access.declared(None) is None
    assert access.declared(allow(PUBLIC)(plain)) is PUBLIC
