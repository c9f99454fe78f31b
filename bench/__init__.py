"""Measurements: side by side with what a user would pick instead, on papers from a seed.

``python -m bench`` runs all of them and writes ``bench/out/*.json``.
"""
