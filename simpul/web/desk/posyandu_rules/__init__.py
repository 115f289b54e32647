"""Health rules of the posyandu at the desk: versions, what is followed here, what another version would change, judging again."""
