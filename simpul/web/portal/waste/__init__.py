"""The waste bank for everybody: what came in, what the fund paid for; and what one pass book holds, for whoever has its code."""
