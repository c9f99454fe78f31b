"""Fields of papers: one test file a kind of paper, one a rule."""
