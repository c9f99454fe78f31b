"""The ground floor: the words that every room of sohoa uses.

Value types that travel between the steps of the pipeline, the one error tree,
reason codes with their Vietnamese and English sentences, identifiers and the
normal forms of Vietnamese text. Imports nothing from any other room.
"""
