"""Approvals 审批: who has to agree before a record goes on, in which order, and whose turn it is since when.

An approval is begun from the definition that a Process holds (``schema.processes.Approval``) and from then on lives by
itself in three tables, so that publishing another version of the Process leaves what is under way as it is.
"""
