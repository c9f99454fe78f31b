"""Who is calling: passwords, sessions of browsers, tokens of scripts and systems.

Only hashes of secrets are stored (repository.accounts); this room makes the
secrets, checks them and slows down whoever guesses.
"""
