"""Fixtures: s3 servers."""
