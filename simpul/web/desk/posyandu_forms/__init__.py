"""The sheets of a posyandu: what each asks, printing them empty or filled, typing them in from paper."""
