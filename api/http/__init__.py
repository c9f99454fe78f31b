"""The HTTP face: the ``/v1`` addresses, their guard and the app that carries them.

Thin: no decision is made here. Every address calls ``ingest`` or
``repository`` and puts the answer into the shape of the surface.
"""
