"""What people say that is no matter of its own: questions, rumours, thanks, suggestions, and complaints in passing."""
