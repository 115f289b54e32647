"""The command line: ``simpul <command>``, the one entry point of an installation."""
