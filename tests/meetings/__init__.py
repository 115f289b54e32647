"""Tests of the room of meetings."""
