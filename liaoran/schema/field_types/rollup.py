"""rollup: a count, sum, average, least or greatest value over the records that link to this one.

Options: ``object`` and ``link`` (the Object whose link Field points here), ``function`` (count, sum, avg, min, max),
``field`` (what is summed or compared; not for count), ``where`` (a Condition on those records), ``result`` (found).
"""

from __future__ import annotations

from typing import Any

from liaoran.kernel.conditions import condition_to_json, parse_condition
from liaoran.kernel.text import Text
from liaoran.schema.expressions import checker
from liaoran.schema.field_types._computed import RESULTS, Computed
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Field, Snapshot

FUNCTIONS = ("count", "sum", "avg", "min", "max")


class Rollup(Computed):
    """Checked through the port ``schema.expressions``; owns no column."""

    key = "rollup"
    label = Text("汇总", "Roll-up")

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``object``, ``link``, ``function``, ``field``, ``where`` and ``result``."""
        function = reader.one_of("function", FUNCTIONS, "count")
        options: dict[str, Any] = {
            "object": reader.text("object", required=True),
            "link": reader.text("link", required=True),
            "function": function,
        }
        if function != "count":
            options["field"] = reader.text("field", required=True)
        elif reader.has("field"):
            raise reader.place.at("field").refuse(Text("计数不需要字段", "a count takes no field"))
        if reader.has("where"):
            options["where"] = condition_to_json(parse_condition(reader.raw("where")))
        if reader.has("result"):
            options["result"] = reader.one_of("result", RESULTS)
        return options

    def check_references(self, one: Field, snapshot: Snapshot, place: Place) -> dict[str, Any]:
        """The link must point here, the Field must exist, the Condition must be well typed; sets ``result``."""
        options = one.options
        at = place.at("options")
        source = snapshot.objects.get(options["object"])
        if source is None or source.retired:
            raise at.at("object").refuse(
                Text("没有名为“{key}”的对象", "there is no object “{key}”").fill(key=options["object"])
            )
        link = source.fields.get(options["link"])
        if link is None or link.retired or link.target != one.object:
            raise at.at("link").refuse(
                Text("“{key}”不是指向本对象的关联字段", "“{key}” is not a link field that points here").fill(
                    key=options["link"]
                )
            )
        kind = checker().check_rollup(snapshot, one.object, one.key, options)
        return {**options, "result": kind.value}


ROLLUP = Rollup()
