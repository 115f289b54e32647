"""The waste bank at the desk: the scale, pass books, prices, store, cash, the fund, and the proof of it all."""
