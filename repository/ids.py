"""Identifiers in addresses: unguessable, never sequential, safe on a command line and in a URL."""

import secrets


def new_id() -> str:
    """128 random bits as 32 hexadecimal digits (never starts with a dash, as base64 may)."""
    return secrets.token_hex(16)
