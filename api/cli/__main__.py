"""``python -m api.cli`` is ``sohoa``."""

from api.cli.main import main

main()
