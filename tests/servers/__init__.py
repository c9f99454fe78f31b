"""The real servers that tests talk to: started on loopback when first asked for, then stopped.

Each module brings one server: what it needs, how it starts, when it is ready.
A test that asks for a server that cannot be had fails with the way to get it.
"""
