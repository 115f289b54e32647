"""What is said to people: texts, the outbound queue, notices and slips."""
