"""Everything that touches the machine: PostgreSQL, the unit of work, jobs, files, settings, logs and metrics."""
