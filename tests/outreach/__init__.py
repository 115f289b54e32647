"""Tests of the room of outreach."""
