"""``make fuzz-api``: schemathesis against a served office, as three of its callers.

Not a test of the suite: it needs a tool of its own and some minutes. No answer may be a
server error, and every answer must be as the API's description says.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from repository import purposes
from tests.integration.http.counter import hand_in, of_the_firm
from tests.integration.http.office import open_office
from tests.integration.http.papers import born_digital

ROLES = ("officer", "system", "administrator")
CHECKS = "all"
CONFIG = Path(__file__).with_name("schemathesis.toml")


def main(program: str, examples: str = "50", *more: str) -> int:
    """The worst exit status of the runs; ``more``: further options of schemathesis."""
    worst = 0
    with tempfile.TemporaryDirectory() as home, open_office(Path(home), demo=True) as office:
        with office.house.database.write() as tx:
            purposes.grant(tx, "portal", purposes.ANY_PURPOSE, office.house.clock.now())
        hand_in(office, born_digital("GIAY PHEP"), **of_the_firm("radiation_work_licence"))
        for role in ROLES:
            print(f"fuzz-api: as {role}", flush=True)
            done = subprocess.run(
                [program, "--config-file", str(CONFIG), "run", f"{office.url}/openapi.json",
                 "-u", office.url, "-n", examples,
                 "-H", f"Authorization: Bearer {office.tokens[role]}", "--checks", CHECKS,
                 "--exclude-path-regex", "events", *more],
                check=False,
            )  # fmt: skip
            worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
