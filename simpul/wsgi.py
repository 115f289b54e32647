"""The WSGI application that the web server runs; on SQLite the worker is a thread of it."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.settings")

application = get_wsgi_application()

if os.environ.get("SIMPUL_WORKER") == "inside":
    from simpul.jobs.worker import THREADS, Worker  # after the applications are ready

    threading.Thread(
        target=Worker(THREADS).run_forever, args=(threading.Event(),), name="worker", daemon=True
    ).start()
