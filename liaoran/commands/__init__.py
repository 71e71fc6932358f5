"""What the command line can do, one file for each kind of command; ``liaoran.cli`` puts them together."""
