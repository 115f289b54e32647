"""`python -m simpul <command>`; the launcher `.venv/bin/simpul` calls this."""

import sys

from simpul.cli.main import main

sys.exit(main())
