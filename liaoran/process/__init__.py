"""Processes: pipelines as published versions of states and transitions, visits and maintained totals."""
