"""Fixtures: elasticsearch servers."""
