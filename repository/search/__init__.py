"""Search embedded in the process: tantivy under Vietnamese normal forms made in Python first."""

from repository.search.index import TantivyIndex

__all__ = ["TantivyIndex"]
