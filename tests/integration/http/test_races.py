"""Two officers on one dossier at the same moment: one wins, the other is told, nothing is lost."""

import threading

from ingest import dossier_gates
from repository import dossiers
from tests.integration.http.counter import RENEWAL, receive
from tests.integration.http.office import Office
from vocabulary.errors import Conflict

ROUNDS = 1_000


def test_a_thousand_races_for_one_dossier_lose_no_update(office: Office) -> None:
    with office.client("officer") as officer:
        made = receive(officer, RENEWAL)
    code, version = made["code"], made["version"]
    together = threading.Barrier(2)
    won: list[list[str]] = [[] for _ in range(ROUNDS)]
    lost: list[list[str]] = [[] for _ in range(ROUNDS)]

    def act(who: str) -> None:
        for number in range(ROUNDS):
            together.wait()
            try:
                dossier_gates.request_supplements(
                    office.house, code, ["TP1"], f"lần {number}", None, who, version + number
                )
                won[number].append(who)
            except Conflict as told:
                lost[number].append(told.error_code)

    officers = [threading.Thread(target=act, args=(who,)) for who in ("An", "Bình")]
    for one in officers:
        one.start()
    for one in officers:
        one.join()
    assert all(len(winners) == 1 for winners in won)
    assert lost == [["version_changed"]] * ROUNDS
    with office.house.database.read() as tx:
        assert dossiers.get(tx, code).version == version + ROUNDS
        requests = dossiers.requests_of(tx, code)
    assert [one.by for one in requests] == [winners[0] for winners in won]
