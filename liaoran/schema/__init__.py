"""The catalogue: which Objects and Fields an organisation has, as immutable Snapshots, and the one DDL gateway."""
