"""Posyandu for everybody: where and when the next day is, and figures of the whole area."""
