"""Exports: any list as CSV or XLSX, from the same compiled query that the list itself reads."""
