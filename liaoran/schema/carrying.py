"""Records that go with another one: links whose option ``carries`` hands on what the linked record is reached for.

``read``: whoever reads the linked record reads this one. ``edit``: besides, whoever edits the linked record edits and
deletes this one. ``access`` makes rows of it; here it is checked that such links never lead back to where they begin,
and that only so many of them follow each other.
"""

from __future__ import annotations

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.schema.reading import Place
from liaoran.schema.snapshot import CARRIES_NOTHING, Field, Snapshot

MAXIMUM_STEPS = 3
"""So many links may hand on rights one after the other: each is one more look at another table for every row."""
_LOOP = Text(
    "“{object}”会沿着 {chain} 随自己一起走；请先在其中一个关联字段上关闭“随主记录”",
    "“{object}” would go with itself, along {chain}; first let one of these links carry nothing",
)
_TOO_LONG = Text(
    "{chain} 太长：最多可以连着 {most} 个“随主记录”的关联字段",
    "{chain} is too long: at most {most} links that carry records may follow each other",
)


def check_carrying(link: Field, snapshot: Snapshot, place: Place) -> None:
    """Raises Invalid where records would go with themselves, or along too many links."""
    if link.carries != CARRIES_NOTHING:
        _climb(snapshot, (link,), place)


def _climb(snapshot: Snapshot, passed: tuple[Field, ...], place: Place) -> None:
    target = passed[-1].target or ""
    if target in {link.object for link in passed}:
        own = snapshot.objects[target].label
        raise _refused(_LOOP.fill(object=own, chain=_chain(snapshot, passed)), place, "carries_itself")
    if len(passed) > MAXIMUM_STEPS:
        raise _refused(_TOO_LONG.fill(chain=_chain(snapshot, passed), most=MAXIMUM_STEPS), place, "carries_too_far")
    for link in snapshot.carriers_of(snapshot.objects[target]):
        _climb(snapshot, (*passed, link), place)


def _refused(message: Text, place: Place, code: str) -> Invalid:
    return place.at("options").at("carries").refuse(message, code)


def _chain(snapshot: Snapshot, passed: tuple[Field, ...]) -> Text:
    """The Objects on the way, in words."""
    labels = [snapshot.objects[link.object].label for link in passed]
    labels.append(snapshot.objects[passed[-1].target or ""].label)
    return Text(" → ".join(one.zh or one.en for one in labels), " → ".join(one.en or one.zh for one in labels))
