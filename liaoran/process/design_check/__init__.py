"""The stage-design check: what the visits and the definition of a Process say about how well its states are cut.

Each signal is one file in ``signals``; ``check`` runs them all, ``comparison`` sets two periods or versions side by side.
"""
