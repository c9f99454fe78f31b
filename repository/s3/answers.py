"""Single values out of a store's XML answers; stores differ in what stands around them."""

from xml.etree.ElementTree import fromstring


def value_in(body: bytes, name: str) -> str | None:
    """Text of the first element of that name, in whatever namespace; None where there is none.

    Raises:
        xml.etree.ElementTree.ParseError: the answer was cut off.
    """
    # The parser expands no outside entities, and the store is our own.
    document = fromstring(body)  # noqa: S314
    return next(
        (one.text or "" for one in document.iter() if one.tag.rpartition("}")[2] == name), None
    )


def is_error(body: bytes) -> bool:
    """Whether an answer with status 200 tells of an error all the same, as S3 may."""
    return fromstring(body).tag.endswith("Error")  # noqa: S314
