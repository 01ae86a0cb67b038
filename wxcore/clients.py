"""Who is at the other end of a request."""

from __future__ import annotations

import ipaddress

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle


def address_of(request: Request) -> str | None:
    """This will be the client's address: what the nearest of TRUSTED_PROXIES proxies says, or else the connection's."""
    given = str(BaseThrottle().get_ident(request)).strip()
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return None
