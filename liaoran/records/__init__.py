"""The one write path, and what is read from its Events: history, undo, recycle bin, merge."""
