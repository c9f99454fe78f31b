"""Tests of the access table, problems, words and other parts of the faces that need no house."""
