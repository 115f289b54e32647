"""Children to be accompanied, so that nobody is married early: few readers, every opening in the journal, nothing exported or printed."""
