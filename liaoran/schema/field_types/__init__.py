"""Field types, one file each; ``schema.registry`` finds them by scanning this folder. Files with ``_`` are shared."""
