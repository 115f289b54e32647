"""Dates, times and numbers as people in Indonesia write them: ``FORMAT_MODULE_PATH`` in the settings."""
