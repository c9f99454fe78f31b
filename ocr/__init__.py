"""Image to words to fields to text layer and PDF/A; knows no storage, signing or web."""
