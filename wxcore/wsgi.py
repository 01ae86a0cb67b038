"""The web server's door: `gunicorn wxcore.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wxcore.settings")

application = get_wsgi_application()
