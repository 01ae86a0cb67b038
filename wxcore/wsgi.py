"""The web server's door: `gunicorn wxcore.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wxcore.settings")

application = get_wsgi_application()

# Only now: the settings are loaded, and the server has installed its own handler.
from wxcore.streams import end_with_server  # noqa: E402

end_with_server()
