"""Imports: analysing a file, running its plan chunk by chunk through the one write path, taking it back."""
