"""The pages and the API."""

import os

from django.core.wsgi import get_wsgi_application

from dangol.core.processes import stop_with_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dangol.config.settings")
stop_with_server()
application = get_wsgi_application()
