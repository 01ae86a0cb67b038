"""Where webhooks may lead."""

from __future__ import annotations

from django.conf import settings

from wxcore import outside
from wxcore.webhooks.errors import WrongAddress

LONGEST = 500
# Below 1024 live mail, databases and the like; receivers on other ports than the web's are above.
FIRST_FREE_PORT = 1024


def policy() -> outside.Policy:
    """This will be the public internet; with WEBHOOK_ALLOW_PRIVATE private networks and this machine as well."""
    if settings.WEBHOOK_ALLOW_PRIVATE:
        return outside.Policy(allow=_is_host, ports=lambda port: 0 < port < 65536)
    return outside.Policy(allow=outside.is_public, ports=_is_open_port)


def check(url: str) -> None:
    """This will refuse what nobody can post to, whatever its name leads to. Raises WrongAddress."""
    try:
        outside.check(url, policy())
    except outside.Refused:
        raise WrongAddress(fields={"url": "refused"}) from None
    if len(url) > LONGEST or "#" in url:
        raise WrongAddress(fields={"url": "refused"})


def _is_open_port(port: int) -> bool:
    return port in (80, 443) or FIRST_FREE_PORT <= port < 65536


def _is_host(address: outside.Address) -> bool:
    # 169.254.169.254 hands out the credentials of a cloud machine: nobody's receiver.
    return not (address.is_link_local or address.is_multicast or address.is_unspecified)
