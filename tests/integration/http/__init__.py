"""The HTTP face over a real house on a real socket."""
