"""Counting hits by their values, on the server."""

from typing import Any, Final

from repository.ports import Facets
from repository.search.facets import WIDTH, merged

_FIELDS: Final = {"type": "type", "issuer": "issuer_name", "state": "state", "year": "year"}


def asked_for(names: tuple[str, ...]) -> dict[str, Any]:
    """Aggregations for the facets."""
    return {name: {"terms": {"field": _FIELDS[name], "size": WIDTH}} for name in names}


def counted(told: Any, names: tuple[str, ...]) -> Facets:
    """The server's buckets as the port has them."""
    return {
        name: merged(name, ((str(one["key"]), one["doc_count"]) for one in told[name]["buckets"]))
        for name in names
    }
