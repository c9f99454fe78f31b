"""Engines that read lines, behind one port; chosen by name in one place."""

from ocr.engines.choice import EngineChoice, open_engine, versions

__all__ = ["EngineChoice", "open_engine", "versions"]
