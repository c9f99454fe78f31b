"""Syllable statistics: which of several likely readings Vietnamese official prose would write.

Most errors of recognition are marks on everyday words (phủ/phú, quyền/quyên),
which the neighbours predict: counts of syllables, pairs and triples from laws
take two thirds of them away (letters wrong 0.7 to 0.3 %).
"""

from ocr.statistics.chooser import SyllableChooser, load_chooser

__all__ = ["SyllableChooser", "load_chooser"]
