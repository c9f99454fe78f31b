"""Who may do what: roles and permissions in one table, deny by default.

Every address of the service declares either one permission or ``PUBLIC``
(:func:`allow`); the guard (api.http.guard) refuses an address that declares
nothing. A right that is not in the table is not there.

Least privilege (Law 91/2025/QH15 on personal data, articles on lawful and
limited processing): administrators run the service and do not read people's
documents; a system reads the documents that it handed in itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal, TypeVar

from vocabulary.errors import NotAllowed, NotFound


class Role(StrEnum):
    """What a person or a system is in the office."""

    CLERK = "clerk"  # cán bộ tiếp nhận (bộ phận một cửa)
    OFFICER = "officer"  # công chức chuyên môn
    LEADER = "leader"  # lãnh đạo
    INSPECTOR = "inspector"  # thanh tra, kiểm tra
    ADMINISTRATOR = "administrator"  # quản trị hệ thống
    SYSTEM = "system"  # hệ thống khác


class Permission(StrEnum):
    """One right that an address can ask for."""

    HAND_IN = "hand_in"
    READ_DOCUMENTS = "read_documents"
    REVIEW = "review"
    SIGN = "sign"
    REVOKE = "revoke"
    SEARCH = "search"
    ONCE_ONLY = "once_only"
    READ_DOSSIERS = "read_dossiers"
    WORK_ON_DOSSIERS = "work_on_dossiers"
    READ_FIGURES = "read_figures"
    ASK_FOR_EVIDENCE = "ask_for_evidence"
    READ_PROCEDURES = "read_procedures"
    WRITE_PROCEDURES = "write_procedures"
    VERIFY = "verify"
    READ_KEEPING = "read_keeping"
    SET_RETENTION = "set_retention"
    HOLD = "hold"
    DRAFT_DISPOSAL = "draft_disposal"
    APPROVE_DISPOSAL = "approve_disposal"
    READ_AUDIT = "read_audit"
    OPERATE = "operate"
    OWN_ACCOUNT = "own_account"


class Public(StrEnum):
    """The declaration of an address that needs no login."""

    PUBLIC = "public"


PUBLIC: Final = Public.PUBLIC

_PEOPLE: Final = frozenset(Role) - {Role.SYSTEM}
_CASEWORK: Final = frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})

TABLE: Final[Mapping[Permission, frozenset[Role]]] = {
    Permission.HAND_IN: _CASEWORK | {Role.SYSTEM},
    Permission.READ_DOCUMENTS: _CASEWORK | {Role.INSPECTOR, Role.SYSTEM},
    Permission.REVIEW: frozenset({Role.CLERK, Role.OFFICER}),
    Permission.SIGN: frozenset({Role.OFFICER}),
    Permission.REVOKE: frozenset({Role.OFFICER, Role.LEADER}),
    Permission.SEARCH: _CASEWORK | {Role.INSPECTOR},
    Permission.ONCE_ONLY: _CASEWORK | {Role.INSPECTOR, Role.SYSTEM},
    Permission.READ_DOSSIERS: _CASEWORK | {Role.INSPECTOR},
    Permission.WORK_ON_DOSSIERS: _CASEWORK,
    Permission.READ_FIGURES: _CASEWORK | {Role.INSPECTOR, Role.ADMINISTRATOR},
    Permission.ASK_FOR_EVIDENCE: frozenset({Role.SYSTEM}),
    Permission.READ_PROCEDURES: frozenset(Role),
    Permission.WRITE_PROCEDURES: frozenset({Role.LEADER, Role.ADMINISTRATOR}),
    Permission.VERIFY: frozenset(Role),
    Permission.READ_KEEPING: frozenset({Role.OFFICER, Role.LEADER, Role.INSPECTOR}),
    Permission.SET_RETENTION: frozenset({Role.LEADER, Role.ADMINISTRATOR}),
    Permission.HOLD: frozenset({Role.LEADER, Role.INSPECTOR}),
    Permission.DRAFT_DISPOSAL: frozenset({Role.OFFICER, Role.LEADER}),
    Permission.APPROVE_DISPOSAL: frozenset({Role.LEADER}),
    Permission.READ_AUDIT: frozenset({Role.INSPECTOR}),
    Permission.OPERATE: frozenset({Role.ADMINISTRATOR, Role.SYSTEM}),
    Permission.OWN_ACCOUNT: _PEOPLE,
}
"""The one table of rights: permission -> the roles that have it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking.

    ``name`` is the account's user name or the client's id, and stands in the
    history and in the audit log. ``via`` tells how the caller proved it.
    ``csrf`` is the token that unsafe calls of a browser session must carry. ``scope``: to
    which purposes a system's token was narrowed, empty for all that were granted.
    """

    account_id: str
    name: str
    display_name: str
    roles: frozenset[Role]
    via: Literal["session", "token", "client"]
    csrf: str | None = None
    scope: str = ""

    @property
    def is_system(self) -> bool:
        return Role.SYSTEM in self.roles


Access = Permission | Public
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_MARK: Final = "__sohoa_access__"


def allow(access: Access) -> Callable[[Endpoint], Endpoint]:
    """Declare what an address asks for; stands right above the function it belongs to."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MARK, access)
        return endpoint

    return mark


def declared(endpoint: object) -> Access | None:
    """What the address asks for; None where nothing is declared (then it is refused)."""
    access = getattr(endpoint, _MARK, None)
    return access if isinstance(access, (Permission, Public)) else None


def has(identity: Identity, permission: Permission) -> bool:
    """Whether the table gives any of the caller's roles this right."""
    return bool(identity.roles & TABLE.get(permission, frozenset()))


def require(identity: Identity, permission: Permission) -> None:
    """Refuse a caller without the right.

    Raises:
        NotAllowed: the table does not give the right to any of the caller's roles.
    """
    if not has(identity, permission):
        raise NotAllowed(
            "Tài khoản của bạn không có quyền làm việc này. "
            "Hãy nhờ người có thẩm quyền hoặc hỏi quản trị hệ thống.",
            "Your account does not have this right. Ask somebody who has it, or the administrator.",
            permission=str(permission),
        )


def may_know(identity: Identity, created_by: str) -> bool:
    """Whether the caller may know that a document handed in by ``created_by`` exists."""
    if not has(identity, Permission.READ_DOCUMENTS):
        return False
    return not identity.is_system or created_by == identity.name


def may_see_content(identity: Identity, created_by: str, reason: str | None) -> bool:
    """Whether the caller may see pages, words and bytes.

    A paper with a secrecy mark must not be processed here (Law 29/2018/QH14 on
    state secrets): only the leader, who has to deal with it, still sees it.
    """
    if not may_know(identity, created_by):
        return False
    return reason != "secret_marked" or Role.LEADER in identity.roles


def unknown_document() -> NotFound:
    """The one answer for "is not there" and "you may not know of it"."""
    return NotFound(
        "Không có giấy tờ này. Hãy kiểm tra lại đường dẫn hoặc tìm kiếm lại.",
        "There is no such document. Check the address or search again.",
    )
