"""The Maven data set from an empty organisation: figures, links, importing again."""
from __future__ import annotations

from pathlib import Path
from typing import Any


async def test_maven(run: Any, data: Path) -> None:
    for name, key in (("accounts","account"),("products","product"),("sales_teams","person"),("sales_pipeline","opportunity")):
        r = await run(key, data/"maven"/f"{name}.csv", create_missing=True)
        print(name, {k:v for k,v in r.items() if k!='problems'}, r['problems'][:3])
        r = await run(key, data/"maven"/f"{name}.csv", create_missing=True)
        print(name, {k:v for k,v in r.items() if k!='problems'}, r['problems'][:3])
    assert 0
