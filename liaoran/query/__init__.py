"""Reading: Conditions, formulas, paths, paging, aggregates, boards and search become one SQL statement each.

The layer knows no user: every ``FROM`` entry comes from the ``Rows`` it is given, and every value travels as a bind.
"""
