"""The posyandu day: registration with numbers, five steps, the next person, the closing check, the recap."""
