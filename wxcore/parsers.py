"""How the API reads what arrives."""

from __future__ import annotations

from typing import Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    """JSON, of which lists in lists without end are an error of the caller's and not of ours."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """This will be what the request's body says. Raises ParseError."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError from None
