"""Letters of the village: types and texts, numbers, signatures, proof, registers."""
