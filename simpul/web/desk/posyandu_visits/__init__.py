"""Visits at home: the list, one with its checklist, what is told to the health post every week."""
