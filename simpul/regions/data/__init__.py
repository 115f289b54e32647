"""What ships with the room: the list of areas (``areas``) and the national holidays (``national``)."""
