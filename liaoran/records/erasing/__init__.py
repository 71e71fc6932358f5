"""Erasing data about a person: out of the record, its versions and Events, and wherever else it was copied to."""
