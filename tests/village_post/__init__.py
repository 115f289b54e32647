"""Tests of the village post."""
