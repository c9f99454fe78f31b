"""Invented papers, scan damage and the demo office: for the demo, the tests and the benchmarks."""
