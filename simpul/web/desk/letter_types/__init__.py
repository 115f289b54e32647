"""The kinds of letter of a village: what there is, each text with its versions, and the form they are written in."""
