"""The institution, its desks, who sits at them, when they are open; and the actor that follows from it."""
