"""Processes recording in PostgreSQL at once, in one ledger and in many; killed at random, and the server with them."""

import os
import random
import signal
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import psycopg
import pytest

from durability.nursery import Nursery
from durability.reading import LONG
from given import SERIES_H
from ledger.application import Ledger
from ledger.ledger_schema import LedgerSchema
from ledger.places import place_named
from projections.verification import PROVEN, verify
from server import Server, fresh

WRITERS = 8
SECONDS = 5.0 if LONG else 1.5
"""How long they record."""

KILLS = 60 if LONG else 12
LONGEST = 0.3
"""The longest that one of them lives, in seconds: connecting, reading, some entries."""


@pytest.fixture
def nursery_there(home: Path) -> Iterator[Nursery]:
    """Children that keep heads where this test does."""
    nursery = Nursery(None)
    yield nursery
    nursery.close()


def started(server: Server) -> LedgerSchema:
    """A ledger in the server's database that has begun."""
    place = place_named(f"{server.url()}&schema={fresh()}")
    assert isinstance(place, LedgerSchema)
    Ledger.begin(place, SERIES_H).close()
    return place


def there(place: LedgerSchema, folder: Path, seconds: float = 60) -> dict[str, Any]:
    """What a child is told of where to record, where to note it, and for how long."""
    return {"url": place.database.url, "schema": place.schema, "folder": str(folder), "seconds": seconds}


def refs(place: LedgerSchema) -> list[str]:
    """The references a ledger holds, once it has been verified; the head written down last is at least a beginning."""
    assert verify(place).verdict == PROVEN or verify(place).beginnings
    with Ledger.open(place) as ledger:
        return [item.entry.ref or "" for item in ledger.book.record]


def promised(folder: Path, name: str) -> list[str]:
    """The references that a process was promised."""
    acknowledged = folder / f"{name}.ack"
    return acknowledged.read_text(encoding="utf-8").split() if acknowledged.exists() else []


@pytest.mark.parametrize("ledgers", [1, WRITERS], ids=["one ledger", "a ledger each"])
def test_of_many_who_record_at_once_none_is_lost_and_none_doubled(
    ledgers: int, server: Server, nursery_there: Nursery, tmp_path: Path
) -> None:
    """Eight processes, in one ledger or each in its own: every promised reference is there once, and no other."""
    places = [started(server) for _ in range(ledgers)]
    children = [
        nursery_there.start(
            "record_for",
            **there(places[writer % ledgers], tmp_path, SECONDS),
            name=f"W{writer}",
        )
        for writer in range(WRITERS)
    ]
    assert [nursery_there.wait(child) for child in children] == [0] * WRITERS
    by_writer = [promised(tmp_path, f"W{writer}") for writer in range(WRITERS)]
    assert all(by_writer), "whoever waits comes to its turn"
    for at, place in enumerate(places):
        assert verify(place).verdict == PROVEN
        assert sorted(refs(place)) == sorted(chain(*by_writer[at::ledgers]))
    counts = [len(one) for one in by_writer]
    print(f"\n{ledgers} ledgers: {sum(counts) / SECONDS:.0f} entries a second, of each {min(counts)} to {max(counts)}")


def test_a_kill_takes_nothing_that_was_acknowledged(server: Server, nursery_there: Nursery, tmp_path: Path) -> None:
    """Killed at a random moment beside another: what was promised is there once, and the turn is given on."""
    rng, place, names = random.Random(9), started(server), list[str]()
    for kill in range(0, KILLS, 2):
        names += [f"K{kill}", f"K{kill + 1}"]
        children = [
            nursery_there.start(
                "record_for", url=server.url(), schema=place.schema, name=name, folder=str(tmp_path), seconds=60
            )
            for name in names[-2:]
        ]
        for child in children:
            time.sleep(rng.uniform(0.05, LONGEST))
            os.kill(child, signal.SIGKILL)
            assert nursery_there.wait(child) == -signal.SIGKILL
    held, said = refs(place), list(chain(*(promised(tmp_path, name) for name in names)))
    assert len(set(held)) == len(held)
    assert set(said) <= set(held)
    assert said
    print(f"\n{KILLS} kills; {len(held)} entries, {len(said)} of them acknowledged")


def test_a_server_that_is_killed_keeps_what_it_acknowledged(home: Path, nursery_there: Nursery, tmp_path: Path) -> None:
    """The server breaks off while a process records: once it has recovered, all that was promised is there."""
    own = Server()
    try:
        place = started(own)
        child = nursery_there.start(
            "record_for", url=own.url(), schema=place.schema, name="S", folder=str(tmp_path), seconds=60
        )
        while len(promised(tmp_path, "S")) < 20:
            time.sleep(0.02)
        own.crash()
        assert nursery_there.wait(child) == 0  # it was told that its last line may be recorded or not
        own.start()
        held, said = refs(place), promised(tmp_path, "S")
        assert held[: len(said)] == said
        assert len(held) <= len(said) + 1
        with psycopg.connect(own.url()) as connection:
            assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
    finally:
        own.close()
