"""Whom a posyandu looks after: the list, enrolment, one person's card with its history, one entry."""
