"""From a file and what was read on its pages to a searchable PDF/A-2b (ISO 19005-2).

The page images stay what the scanner made; the words stand invisible on the
lines' baselines. A signed original never comes here (its text goes to side
data): changing it would break its signatures.
"""

from ocr.compose.document import compose_pdfa
from ocr.compose.info import ComposeInfo

__all__ = ["ComposeInfo", "compose_pdfa"]
