"""Image to words to fields to text layer and PDF/A. Knows nothing of storage, signing or the web."""
