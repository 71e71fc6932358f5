"""Whom a record is shared with: shares, the team, followers; and the sharing rules of the organisation."""
