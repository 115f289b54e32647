"""The officers' desk: lists, counter intake, the page of a case, publication, supervision, notices."""
