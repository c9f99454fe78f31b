"""Who signs a digitised paper."""

from typing import Literal

SignerRole = Literal["officer", "organisation"]
"""In this order: the officer who made the copy (công chức), then the office (cơ quan)."""
