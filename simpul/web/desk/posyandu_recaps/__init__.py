"""Recaps of posyandu at the desk: SKDN, forms, coverage, the village's sheet, trends."""
