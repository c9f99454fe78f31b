"""From bytes to a stored, searchable document: the only room that knows the whole way."""
