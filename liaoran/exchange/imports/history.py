from liaoran.exchange.imports.rows import RowsRun


class HistoryRun(RowsRun): ...
