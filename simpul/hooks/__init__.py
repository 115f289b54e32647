"""The door for providers and modems: take a delivery, keep it, answer at once. What it says is read afterwards."""
