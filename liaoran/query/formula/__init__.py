"""Formulas: an Excel-like language over the Fields of a record, typed before it runs, and compiled to SQL."""
