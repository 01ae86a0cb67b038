"""The product's settings, with the bench's addresses beside the product's."""

from wxcore.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
