"""Programmes and their criteria as dated data, verdicts side by side, restored health cards, rehabilitation plans."""
