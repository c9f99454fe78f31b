"""Documents (giấy tờ): their way, their contents, their review.

Plain functions over a session of the catalogue; they return frozen views.
"""

from repository.documents.contents import (
    FallingDue,
    PageSaved,
    add_rendition,
    falling_due,
    page,
    pages,
    pages_done,
    renew_rendition,
    save_page,
    save_signatures,
)
from repository.documents.contents import (
    past_renditions_of as past_renditions,
)
from repository.documents.contents import (
    renditions_of as renditions,
)
from repository.documents.contents import (
    signatures_of as signatures,
)
from repository.documents.description import FORMS, describe, not_in_future
from repository.documents.description import check as check_description
from repository.documents.review import (
    confirm,
    fields_confirmed,
    review_fields,
    save_fields,
    supersede,
    withdraw,
)
from repository.documents.review import (
    fields_of as fields,
)
from repository.documents.views import (
    STEPS,
    Document,
    DocumentCounts,
    DocumentFilter,
    DocumentPage,
    HistoryEvent,
    NewDocument,
    Rendition,
    RenditionKind,
    State,
    Status,
)
from repository.documents.way import (
    any_certified,
    choose_duplicate,
    counts,
    disposed_conflict,
    ending_with,
    find_by_sha,
    finish,
    get,
    hashes_of,
    history,
    note_answered,
    note_awaited,
    note_waiting,
    page_of,
    register,
    resume,
    set_page_count,
    set_step,
    stop,
    taken_in_before,
)

__all__ = [
    "FORMS",
    "STEPS",
    "Document",
    "DocumentCounts",
    "DocumentFilter",
    "DocumentPage",
    "FallingDue",
    "HistoryEvent",
    "NewDocument",
    "PageSaved",
    "Rendition",
    "RenditionKind",
    "State",
    "Status",
    "add_rendition",
    "any_certified",
    "check_description",
    "choose_duplicate",
    "confirm",
    "counts",
    "describe",
    "disposed_conflict",
    "ending_with",
    "falling_due",
    "fields",
    "fields_confirmed",
    "find_by_sha",
    "finish",
    "get",
    "hashes_of",
    "history",
    "not_in_future",
    "note_answered",
    "note_awaited",
    "note_waiting",
    "page",
    "page_of",
    "pages",
    "pages_done",
    "past_renditions",
    "register",
    "renditions",
    "renew_rendition",
    "resume",
    "review_fields",
    "save_fields",
    "save_page",
    "save_signatures",
    "set_page_count",
    "set_step",
    "signatures",
    "stop",
    "supersede",
    "taken_in_before",
    "withdraw",
]
