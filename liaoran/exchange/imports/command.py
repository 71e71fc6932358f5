"""The import of one file in one call, as the command line does it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from liaoran.exchange.imports.analysis import Analysis, analyse
from liaoran.exchange.imports.running import Task, scope_now
from liaoran.exchange.imports.store import add_import
from liaoran.exchange.imports.working import ProgressCallback, carry_out, rejects_path
from liaoran.exchange.limits import DEFAULT_LIMITS, Limits
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Invalid
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Language, Text

LEFT_OUT = Text("按设置不导入", "left out as the mapping says")
OPEN_QUESTIONS = Text("导入前请先确定：{questions}", "before this file can be imported, please settle: {questions}")


async def import_file(
    database: Database,
    organisation: Organisation,
    actor: Actor,
    object: str,
    path: Path,
    map: Mapping[str, Any] | None = None,
    *,
    create_missing: bool = False,
    history: bool = False,
    dry_run: bool = False,
    progress: ProgressCallback | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> dict[str, Any]:
    """Imports the file at ``path`` as records of the Object: analysed, planned, then run to its end.

    ``map`` is the JSON form of a Plan (see ``exchange.plan``); what it leaves out is proposed. ``create_missing``
    creates unknown choices, linked records and, from unknown stages, a process. ``history`` reads one row per entry
    into a state. ``dry_run`` does everything but leaves nothing. Gives ``{"read", "created", "updated", "unchanged",
    "rejected", "rejects_file", "import", "made", "left_empty", "problems", "notices", "left_out"}``: ``rejects_file``
    is None where no row was rejected, ``made`` counts linked records, ``left_out`` says which columns were not used
    and why.

    Raises Invalid for a file or Plan that does not work, and (code ``open_questions``, one problem each) where
    something has to be decided first, such as the order of day and month; Forbidden as the actor's roles say.
    """
    schema = organisation.schema
    path = await asyncio.to_thread(path.resolve)
    if not await asyncio.to_thread(path.is_file):
        raise Invalid(Text("没有文件“{path}”", "there is no file “{path}”").fill(path=str(path)), code="no_file")
    task = Task(database, schema, actor, new_id())
    async with database.read(schema, consistent=True) as tx:
        scope = await scope_now(task, tx)
        analysis = await analyse(
            tx,
            scope,
            object,
            path,
            changes=map,
            create_missing=create_missing,
            history=history,
            title=path.stem,
            check=False,
            limits=limits,
        )
    require_answers(analysis)
    async with database.transaction(schema) as tx:
        record = await add_import(
            tx,
            object_key=object,
            file_name=path.name,
            person=actor.person,
            label=actor.label,
            state="running",
            path=str(path),
            analysis=analysis.to_json(actor.language),
            plan=analysis.plan.to_json(),
            dry_run=dry_run,
        )
    done = await carry_out(database, schema, record.id, actor, dry_run=dry_run, callback=progress, limits=limits)
    counts = {name: getattr(done, name) for name in ("read", "created", "updated", "unchanged", "rejected")}
    return {
        **counts,
        "rejects_file": str(rejects_path(database, schema, record.id)) if done.rejected else None,
        "import": str(record.id),
        "made": done.made,
        "left_empty": done.left_empty,
        "problems": [{**one, "message": Text.from_json(one["message"]).read(actor.language)} for one in done.problems],
        "notices": [one.to_json(actor.language) for one in analysis.table.notices],
        "left_out": _left_out(analysis, actor.language),
    }


def _left_out(analysis: Analysis, language: Language) -> dict[str, str]:
    """The columns that fill no Field, with the reason."""
    reasons = {one.column: one.reason.read(language) for one in analysis.proposals if one.field is None}
    used = {one.column for one in analysis.plan.used()}
    if analysis.plan.history is not None:
        used |= {column for column in analysis.plan.history.to_json().values() if column}
    if analysis.plan.outcome is not None:
        used.add(analysis.plan.outcome)
    template = " ".join(analysis.plan.template.values())
    return {
        name: reasons.get(name, LEFT_OUT.read(language))
        for name in analysis.plan.columns
        if name not in used and f"{{{name}}}" not in template
    }


def require_answers(analysis: Analysis) -> None:
    """Raises Invalid (``open_questions``) where the analysis found something that has to be decided first."""
    if analysis.questions:
        zh = "；".join(one.message.read("zh") for one in analysis.questions)
        en = "; ".join(one.message.read("en") for one in analysis.questions)
        message = Text(OPEN_QUESTIONS.read("zh", questions=zh), OPEN_QUESTIONS.read("en", questions=en))
        raise Invalid(message, code="open_questions", problems=analysis.questions)
