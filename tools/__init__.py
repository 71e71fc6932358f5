"""Development tools behind the Makefile."""
