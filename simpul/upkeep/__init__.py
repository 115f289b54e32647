"""Acts over many rooms: merge persons, rights over personal data, retention and destruction, breaches."""
