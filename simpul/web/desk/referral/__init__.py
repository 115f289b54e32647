"""Where matters go: the directory of services, each desk's promise and record, decisions on paper, what nobody took."""
