"""Education at the desk: the library, what was shown to whom, telling families."""
