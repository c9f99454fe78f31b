# mypy: disable-error-code="import-untyped,misc,no-untyped-call"
"""Read an entry of a PDF dictionary, wherever its value stands."""

from typing import Any

from pyhanko.pdf_utils import generic


def entry(dictionary: Any, key: str, default: Any = None) -> Any:
    """The value of ``key``, resolved where it is an indirect reference.

    pyHanko's ``dictionary[key]`` resolves references, its ``dictionary.get(key)`` does not.
    """
    if not isinstance(dictionary, generic.DictionaryObject) or key not in dictionary:
        return default
    return dictionary[key]
