"""Hand-over 交接: what somebody holds goes to one or several successors, in one job that can be undone exactly.

``parts`` says what there is, ``holdings`` counts it, ``plan`` says who gets what, ``giving`` and ``taking_back`` are the job
and its undo. Records go by the one write path as one action; what lies beside records (``beside``) is noted row by row.
"""
