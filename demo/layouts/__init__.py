"""Decisions, letters and other papers in the many layouts that offices use.

``demo.papers`` sets papers as Decree 30/2020 prints its models. Offices depart
from them: heads on one to three lines, numbers typed or stamped into a blank,
titles with tracking, subjects on five lines, two people signing, appearances of
digital signatures in the room of the signature. ``make_layout`` sets such a
paper from a seed, with the truth about its fields; ``readings`` gives it as a
reader of its text would, appearances apart.
"""

from demo.layouts.making import Layout, make_layout
from demo.layouts.reading import readings

__all__ = ["Layout", "make_layout", "readings"]
