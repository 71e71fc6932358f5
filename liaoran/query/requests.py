"""What a reader may ask for. ``read_request`` turns JSON into one of these and refuses by name what it does not
know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import Text

MAXIMUM_LIMIT = 1000
MAXIMUM_GROUPS = 10_000
MAXIMUM_SELECT = 400
MAXIMUM_SORTS = 5

Direction = Literal["asc", "desc"]
Bucket = Literal["day", "week", "month", "quarter", "year"]
AggregateFunction = Literal["count", "sum", "avg", "min", "max"]
Where = dict[str, Any] | None


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Sort(_Request):
    """One sort key: a path and a direction. Empty values come last in both directions."""

    field: str
    dir: Direction = "asc"


def _group(value: Any) -> Any:
    return {"field": value} if isinstance(value, str) else value


class Group(_Request):
    """One grouping: a path, and for days and instants the bucket they are counted in, in the actor's zone."""

    field: str
    bucket: Bucket | None = None

    @property
    def key(self) -> str:
        """The key of the result column: ``path`` or ``path:bucket``."""
        return self.field if self.bucket is None else f"{self.field}:{self.bucket}"


class Measure(_Request):
    """One figure per group. ``count`` without a path counts records, with one the records where it is not empty."""

    fn: AggregateFunction = Field(validation_alias=AliasChoices("fn", "op"))
    field: str | None = None

    @property
    def key(self) -> str:
        """The key of the result column: ``count``, ``sum(amount)``."""
        return self.fn if self.field is None else f"{self.fn}({self.field})"


class QueryRequest(_Request):
    """A page of records.

    ``select`` lists paths; left out, every visible Field of the Object. ``as_of`` reads a past moment; ``deleted``
    reads the recycle bin instead; ``q`` keeps the records that a search for these words finds; ``count`` adds
    ``total``.
    """

    where: Where = None
    select: tuple[str, ...] | None = Field(default=None, max_length=MAXIMUM_SELECT)
    sort: tuple[Sort, ...] = Field(default=(), max_length=MAXIMUM_SORTS)
    limit: int = Field(default=50, ge=1, le=MAXIMUM_LIMIT)
    cursor: str | None = None
    count: bool = False
    as_of: datetime | None = None
    deleted: bool = False
    q: str | None = None


class AggregateRequest(_Request):
    """Figures per group. ``sort`` names result columns by key; left out, groups come in their natural order."""

    where: Where = None
    group_by: tuple[Annotated[Group, BeforeValidator(_group)], ...] = Field(default=(), max_length=5)
    measures: tuple[Measure, ...] = Field(default=(Measure(fn="count"),), min_length=1, max_length=20)
    as_of: datetime | None = None
    sort: tuple[Sort, ...] = Field(default=(), max_length=MAXIMUM_SORTS)
    limit: int = Field(default=1000, ge=1, le=MAXIMUM_GROUPS)
    q: str | None = None


class BoardRequest(_Request):
    """The first cards of every state of a Process with counts and sums. ``select`` lists the paths a card shows."""

    where: Where = None
    per_state: int = Field(default=20, ge=0, le=200)
    sort: tuple[Sort, ...] = Field(default=(), max_length=MAXIMUM_SORTS)
    select: tuple[str, ...] | None = Field(default=None, max_length=MAXIMUM_SELECT)
    as_of: datetime | None = None
    q: str | None = None


RequestT = TypeVar("RequestT", bound=_Request)


def read_request(kind: type[RequestT], value: Mapping[str, Any] | None) -> RequestT:
    """The request from its JSON form. Raises Invalid with one problem for each key that is unknown or ill-formed."""
    try:
        return kind.model_validate(value or {})
    except ValidationError as error:
        problems = tuple(_problem(one) for one in error.errors(include_url=False, include_context=False))
        raise Invalid(Text("查询请求有误", "the query request is not valid"), problems=problems) from None


def _problem(error: Any) -> Problem:
    place = ".".join(str(step) for step in error["loc"])
    if error["type"] == "extra_forbidden":
        return Problem("unknown_key", Text("没有名为“{key}”的参数", "unknown key “{key}”").fill(key=place), place)
    message = Text("“{key}”的值不正确：{why}", "“{key}” is not valid: {why}").fill(key=place, why=error["msg"])
    return Problem("invalid_value", message, place)
