"""The relay: the next chunk is made ready while the one before is being stored, and the order is kept."""

from __future__ import annotations

import asyncio

import pytest

from liaoran.exchange.imports.relay import Leg, Relay


class Carrier:
    """Notes what happens; loads in ``failing`` fail when they are stored, those in ``making`` do not pass on."""

    def __init__(self, failing: tuple[int, ...] = (), making: tuple[int, ...] = ()) -> None:
        self.seen: list[str] = []
        self.failing = failing
        self.making = making

    async def carry(self, load: int, leg: Leg) -> None:
        self.seen.append(f"ready {load}")
        if load not in self.making:
            leg.pass_on()
        await leg.turn()
        for _ in range(20):
            await asyncio.sleep(0)
        if load in self.failing:
            raise ValueError(load)
        self.seen.append(f"stored {load}")


async def test_one_is_made_ready_while_the_other_is_stored() -> None:
    carrier = Carrier()
    relay = Relay(carrier.carry, 2)
    for load in (1, 2, 3, 4):
        await relay.give(load)
    await relay.finish()
    assert carrier.seen.index("ready 2") < carrier.seen.index("stored 1")
    assert [one for one in carrier.seen if one.startswith("stored")] == [f"stored {load}" for load in (1, 2, 3, 4)]
    assert carrier.seen.index("stored 1") < carrier.seen.index("ready 3"), "never more than two"


async def test_what_makes_things_for_the_next_goes_first() -> None:
    carrier = Carrier(making=(1, 3))
    relay = Relay(carrier.carry, 2)
    for load in (1, 2, 3, 4):
        await relay.give(load)
    await relay.finish()
    assert carrier.seen.index("stored 1") < carrier.seen.index("ready 2")
    assert carrier.seen.index("ready 3") < carrier.seen.index("stored 2")
    assert carrier.seen.index("stored 3") < carrier.seen.index("ready 4")


async def test_one_at_a_time() -> None:
    carrier = Carrier()
    relay = Relay(carrier.carry, 1)
    for load in (1, 2, 3):
        await relay.give(load)
    await relay.finish()
    assert carrier.seen == [f"{word} {load}" for load in (1, 2, 3) for word in ("ready", "stored")]


async def test_after_a_failure_nothing_later_is_stored_and_the_rest_comes_back() -> None:
    carrier = Carrier(failing=(2,))
    relay = Relay(carrier.carry, 2)
    with pytest.raises(ValueError, match="2"):
        for load in (1, 2, 3, 4):
            await relay.give(load)
    assert await relay.take_back() == [2, 3]
    assert [one for one in carrier.seen if one.startswith("stored")] == ["stored 1"]
    carrier.failing = ()
    for load in (2, 3):
        await relay.give(load)
    await relay.finish()
    assert carrier.seen[-1] == "stored 3"


async def test_the_last_failure_is_told_as_well() -> None:
    relay = Relay(Carrier(failing=(1,)).carry, 2)
    await relay.give(1)
    with pytest.raises(ValueError, match="1"):
        await relay.finish()
    assert await relay.take_back() == [1]
    await relay.finish()
