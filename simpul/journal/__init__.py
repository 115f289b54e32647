"""The journal: one line for every act, sealed so that no line can be changed unseen."""
