"""Our own line recogniser: finds text lines, reads each with a small net (README.md)."""
