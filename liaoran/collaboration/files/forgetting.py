"""Forgetting the files of records for good, at once: where data about a person has to go."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.collaboration.files.cleaning import forget
from liaoran.collaboration.tables import record_files as documents
from liaoran.infra.files import FileStore
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction

_OF_RECORDS = Statement(
    sa.select(documents.c.id).where(documents.c.record_id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))))
)


async def count_files_of(tx: Transaction, records: Sequence[UUID]) -> int:
    """How many files the records have, removed ones included."""
    return len(await tx.fetch_column(_OF_RECORDS, {"ids": list(records)}))


async def forget_files_of(tx: Transaction, files: FileStore, records: Sequence[UUID]) -> int:
    """Deletes all files of the records with all their versions; their bytes go with the commit. Gives how many."""
    doomed = await tx.fetch_column(_OF_RECORDS, {"ids": list(records)})
    await forget(tx, files, doomed)
    return len(doomed)
