from __future__ import annotations

import asyncio
import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.main.pipe import (
    LIMIT,
    ChildEnd,
    Decoder,
    DeviceHealth,
    Ended,
    Heartbeat,
    Message,
    Outbox,
    PipeError,
    Prepare,
    Quit,
    Show,
    Shown,
    WakeWorker,
    Warm,
    Work,
    Worked,
    encode,
    new_name,
)

ALL: list[Message] = [
    Prepare('{"free": "text 9971234567890001"}', "abc"),
    Show("abcdef", rest=True, code="E-212"),
    Quit(),
    DeviceHealth("printer", "degraded", "paper_low"),
    Outbox(3),
    Work(7, "{}", "abc"),
    Warm(),
    Shown("abcdef"),
    Heartbeat(),
    Ended("erased"),
    WakeWorker("document"),
    Worked(7, "done"),
]


@given(st.lists(st.integers(1, 40), max_size=30))
def test_any_cut_of_the_stream_gives_the_same_messages(cuts: list[int]) -> None:
    data = b"".join(encode(message) for message in ALL)
    decoder = Decoder()
    heard: list[Message] = []
    for cut in cuts:
        heard += decoder.feed(data[:cut])
        data = data[cut:]
    assert heard + decoder.feed(data) == ALL


@pytest.mark.parametrize(
    "message",
    [
        Ended("9971234567890001"),
        Ended("Budi Rekaan"),
        WakeWorker("081234567"),
        Show("abc", code="x" * 65),
        DeviceHealth("card", "ready", "nama: Siti"),
        Worked(9971234567890001 * 10, "done"),
    ],
)
def test_nothing_that_could_name_a_person_passes(message: Message) -> None:
    with pytest.raises(PipeError) as caught:
        encode(message)
    assert "9971" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"[]\n",
        b"7\n",
        b"{}\n",
        b'{"is":"Launch"}\n',
        b'{"is":"Ended"}\n',
        b'{"is":"Quit","more":1}\n',
        b'{"is":"Ended","reason":"1234567"}\n',
        b"\xff\xfe\n",
        b"x" * (LIMIT + 1),
    ],
)
def test_nonsense_is_refused(line: bytes) -> None:
    with pytest.raises(PipeError):
        Decoder().feed(line)


def test_names_are_words() -> None:
    names = {new_name() for _ in range(200)}
    assert len(names) == 200
    assert all(name.isalpha() and len(name) == 16 for name in names)


async def test_the_childs_end() -> None:
    ours, theirs = socket.socketpair()
    end = ChildEnd(theirs.detach())
    assert end.receive(0.01) is None
    ours.send(encode(Prepare("{}", "run")) + encode(Show("abc"))[:5])
    assert end.receive(1) == Prepare("{}", "run")
    assert end.send(Heartbeat())
    assert Decoder().feed(ours.recv(1000)) == [Heartbeat()]

    async def later() -> None:
        await asyncio.sleep(0.02)
        ours.send(encode(Show("abc"))[5:])
        await asyncio.sleep(0.02)
        ours.close()

    telling = asyncio.create_task(later())
    assert [message async for message in end.messages()] == [Show("abc")]
    await telling
    assert end.closed
    assert not end.send(Heartbeat())
    end.close()


def test_a_keeper_that_does_not_read_never_holds_up_a_visit_for_long() -> None:
    ours, theirs = socket.socketpair()
    end = ChildEnd(theirs.detach())
    beats = 0
    while end.send(Heartbeat()):
        beats += 1
        assert beats < 100_000
    assert end.closed
    end.close()
    ours.close()
    assert os.getpid()
