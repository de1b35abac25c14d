"""What gunicorn serves."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from upskill.core.collector import spare_what_stays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upskill.settings")

application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # every page, once, before gunicorn forks: no worker loads them at its first visit
spare_what_stays()
