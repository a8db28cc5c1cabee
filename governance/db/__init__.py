"""Technique of databases, which knows nothing of the subject.

The only place that asks which database it is on.
"""
