"""The door of this package: credentials in, everything that the account can do out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from wxcore.wechat.answers import required_integer
from wxcore.wechat.blacklist import Blacklist
from wxcore.wechat.broadcasts import Broadcasts
from wxcore.wechat.comments import Comments
from wxcore.wechat.customer_service import CustomerService
from wxcore.wechat.datacube import Datacube
from wxcore.wechat.diagnostics import Diagnostics
from wxcore.wechat.drafts import Drafts
from wxcore.wechat.errors import BadAnswer
from wxcore.wechat.groups import Groups
from wxcore.wechat.materials import Materials
from wxcore.wechat.media import Media
from wxcore.wechat.menus import Menus
from wxcore.wechat.publishing import Publishing
from wxcore.wechat.tags import Tags
from wxcore.wechat.tokens import AccessTokens, StoredToken, TokenStore
from wxcore.wechat.transport import Http, Transport
from wxcore.wechat.users import Users

LEASE_MARGIN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to WeChat, and where WeChat is.

    `token_endpoint` is "stable_token" unless another program of the account insists on the old "token", whose every
    fetch kills the token before.
    """

    appid: str
    secret: str = field(repr=False)
    base_url: str = "https://api.weixin.qq.com"
    token_endpoint: Literal["stable_token", "token"] = "stable_token"  # noqa: S105 - the name of an endpoint


class WeChat:
    """One account's API, by resource. Safe to use from many threads; a context manager that closes the connections."""

    def __init__(self, transport: Transport, *, appid: str) -> None:
        self._transport = transport
        self.diagnostics = Diagnostics(transport, appid)
        self.users = Users(transport)
        self.tags = Tags(transport)
        self.groups = Groups(transport)
        self.blacklist = Blacklist(transport)
        self.broadcasts = Broadcasts(transport)
        self.media = Media(transport)
        self.materials = Materials(transport)
        self.menus = Menus(transport)
        self.drafts = Drafts(transport)
        self.publishing = Publishing(transport)
        self.comments = Comments(transport)
        self.customer_service = CustomerService(transport)
        self.datacube = Datacube(transport)

    def close(self) -> None:
        """This will close the connections of the pool."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def connect(
    credentials: Credentials,
    *,
    tokens: TokenStore,
    timeout: tuple[float, float] = (5.0, 30.0),
    pool_size: int = 16,
    sleep: Callable[[float], None] = time.sleep,
) -> WeChat:
    """This will be the API of one account; nothing is sent yet.

    `timeout` is in seconds, to connect and to read; `pool_size` is how many threads can call at once.
    Raises InsecureURL.
    """
    http = Http(credentials.base_url, timeout=timeout, pool_size=pool_size)
    access_tokens = AccessTokens(
        tokens,
        lambda: fetch_token(http, credentials),
        sleep=sleep,
        lease_seconds=2 * sum(timeout) + LEASE_MARGIN_SECONDS,  # longer than a fetch, the answer's body included
    )
    return WeChat(Transport(http, access_tokens, sleep=sleep), appid=credentials.appid)


def fetch_token(http: Http, credentials: Credentials) -> StoredToken:
    """This will ask WeChat for an access token. Raises BadCredentials, IPNotAllowed, TransportError.

    https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html
    https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_access_token.html
    """
    path = f"/cgi-bin/{credentials.token_endpoint}"
    request = {"grant_type": "client_credential", "appid": credentials.appid, "secret": credentials.secret}
    asked_at = time.time()
    if credentials.token_endpoint == "token":  # noqa: S105 - the name of an endpoint
        data = http.call("GET", path, query=request)
    else:
        data = http.call("POST", path, body=request)
    token = data.get("access_token")
    if not isinstance(token, str) or not token:
        raise BadAnswer(path, "no access_token")
    return StoredToken(token, expires_at=asked_at + required_integer(data, "expires_in", call=path))
