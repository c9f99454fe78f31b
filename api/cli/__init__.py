"""The command line ``sohoa`` (surface.md section 2)."""

from api.cli.main import main

__all__ = ["main"]
