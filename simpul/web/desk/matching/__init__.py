"""The desk's pages about persons who may stand twice in the register."""
