"""Sign, stamp, validate, receipt. Knows nothing of storage, recognition or the web."""
