"""The faces: settings, wiring, HTTP API, web pages, command line. No decision is made here."""
