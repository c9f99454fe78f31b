"""The service's socket, and the door of short questions."""

import asyncio
import socket
import threading
import time

from api.cli.running import _listen
from api.http.brief import Door


def test_an_answer_is_sent_at_once_not_held_back_for_the_next_packet() -> None:
    async def delay_is_off() -> bool:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            told.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listener = _listen("127.0.0.1", 0)
        async with await asyncio.start_server(answer, sock=listener):
            _reader, writer = await asyncio.open_connection(*listener.getsockname())
            flag = await told
            writer.close()
            await writer.wait_closed()
        return bool(flag)

    assert asyncio.run(delay_is_off())


def test_a_door_lets_one_through_at_a_time_and_all_in_the_end() -> None:
    inside, most = 0, 0
    lock = threading.Lock()

    def work(number: int) -> int:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.002)
        with lock:
            inside -= 1
        return number

    async def all_of_them() -> list[int]:
        door = Door("a test")
        return list(await asyncio.gather(*(door.run(work, number) for number in range(10))))

    assert asyncio.run(all_of_them()) == list(range(10))
    assert most == 1


def test_work_that_fails_leaves_the_door_open() -> None:
    def fail() -> None:
        raise ValueError("broken")

    async def twice() -> list[BaseException | None]:
        door = Door("another test")
        return await asyncio.gather(door.run(fail), door.run(fail), return_exceptions=True)

    assert [str(error) for error in asyncio.run(twice())] == ["broken", "broken"]
