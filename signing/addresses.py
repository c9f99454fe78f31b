"""Addresses to which secrets may be sent."""

import ipaddress
from urllib.parse import SplitResult


def is_own_machine(parts: SplitResult) -> bool:
    """Whether an address is this very machine, so that nobody listens on the way."""
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"
