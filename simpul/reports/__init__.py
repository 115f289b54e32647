"""Reads over many rooms: the figures of the service, for everybody and for those who supervise it."""
