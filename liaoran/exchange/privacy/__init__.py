"""What is held about a person: told on request, and erased with a record of it."""
