# Aliases for start.py, for fingers that type make.
.PHONY: run test check lint setup lock
run:
	python3 start.py
test check lint setup lock:
	python3 start.py $@
