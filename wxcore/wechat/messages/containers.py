"""What a push is made of before it means anything: named containers with text, read from XML or JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.parsers import expat

import orjson

MAX_ID = 2**63 - 1
MAX_TIME = 253_402_128_000  # two days before the year 10000, where datetime ends in every time zone

_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,30})?")


class MalformedPush(ValueError):
    """The body is no push of WeChat's: not UTF-8, broken XML or JSON, a DTD, no sender, no time."""


class Odd(ValueError):
    """A field that its kind of push cannot do without is absent or nonsense."""


class Container:
    """An element whose children are found by name, whatever the case: WeChat writes MsgId and MsgID.

    `name` is as sent, `value` the text before the first child, without space around.
    """

    __slots__ = ("_by_name", "name", "value")

    def __init__(self, name: str, value: str = "") -> None:
        self.name = name
        self.value = value
        self._by_name: dict[str, list[Container]] | None = None

    def __iter__(self) -> Iterator[Container]:
        """This will go over the children, those of one name together."""
        for children in (self._by_name or {}).values():
            yield from children

    def add(self, child: Container) -> None:
        if self._by_name is None:
            self._by_name = {}
        self._by_name.setdefault(child.name.lower(), []).append(child)

    def text(self, name: str) -> str:
        """This will be the text of the first child of that name, "" when it is empty or absent."""
        found = self.child(name)
        return found.value if found is not None else ""

    def child(self, name: str) -> Container | None:
        """This will be the first child of that name."""
        found = self._by_name.get(name.lower()) if self._by_name else None
        return found[0] if found else None

    def children(self, name: str) -> list[Container]:
        """This will be all children of that name, in order."""
        return self._by_name.get(name.lower(), []) if self._by_name else []

    def find(self, *names: str) -> list[Container]:
        """This will be the elements at the end of that path, empty when a step is absent."""
        found = [self]
        for name in names:
            found = [child for parent in found for child in parent.children(name)]
        return found

    def items(self, name: str) -> list[Container]:
        """This will be the entries of the list of that name: XML names each of them "item", JSON none."""
        found = []
        for each in self.children(name):
            found += each.children("item") or ([each] if each._by_name else [])
        return found

    def number(self, name: str) -> int | None:
        """Absent, empty and nonsense are all None: a push is not lost for the sake of one count."""
        return as_number(self.text(name))

    def required_number(self, name: str, *, most: int = MAX_ID) -> int:
        """This will be a number from 0 to `most`. Raises Odd."""
        number = self.number(name)
        if number is None or number > most:
            raise Odd(name)
        return number

    def moment(self, name: str) -> int | None:
        """This will be a time in epoch seconds, None like `number` and for what no calendar holds."""
        number = self.number(name)
        return number if number is None or number <= MAX_TIME else None

    def decimal(self, name: str) -> float | None:
        """This will be a number such as a coordinate, None like `number`."""
        text = self.text(name)
        return float(text) if _DECIMAL.fullmatch(text) else None

    def required_decimal(self, name: str, *, most: float) -> float:
        """This will be a number from -`most` to `most`. Raises Odd."""
        number = self.decimal(name)
        if number is None or not abs(number) <= most:
            raise Odd(name)
        return number

    def required_text(self, name: str) -> str:
        """Raises Odd when it is empty or absent."""
        text = self.text(name)
        if not text:
            raise Odd(name)
        return text


def as_number(text: str) -> int | None:
    """This will be the number that these digits write, None for anything else and for what no 64 bits hold."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    return number if number is None or number <= MAX_ID else None


def read(body: bytes) -> tuple[Container, bool]:
    """This will be the root of a push, and whether it came as JSON. Raises MalformedPush."""
    try:
        # As text, whatever encoding it declares: WeChat sends UTF-8, and the row that keeps it holds no other.
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise MalformedPush("not UTF-8") from None
    if text.startswith("{"):
        return _from_json(text), True
    return _from_xml(text), False


def _from_xml(text: str) -> Container:
    document = Container("")
    path = [document]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        child = Container(name)
        path[-1].add(child)
        path.append(child)

    def end(name: str) -> None:
        path.pop()

    def data(text: str) -> None:
        container = path[-1]
        if not container.value and container._by_name is None:
            container.value = text.strip()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = _refuse_dtd
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        raise MalformedPush("broken XML") from None
    return next(iter(document))


def _refuse_dtd(name: str, system: str | None, public: str | None, internal: bool) -> None:
    """A DTD is where entity bombs and file reads come from, and WeChat never sends one."""
    raise MalformedPush("a DTD")


def _from_json(text: str) -> Container:
    try:
        loaded = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise MalformedPush("broken JSON") from None
    root = Container("")
    todo: list[tuple[Container, dict[str, object]]] = [(root, loaded)]
    while todo:
        container, content = todo.pop()
        for name, value in content.items():
            # An entry of a list is one of several children of its name, as in XML.
            for each in value if isinstance(value, list) else (value,):
                child = Container(name, _text(each))
                container.add(child)
                if isinstance(each, dict):
                    todo.append((child, each))
    return root


def _text(value: object) -> str:
    if isinstance(value, str):
        # PostgreSQL keeps no NUL, which JSON may bring and XML may not.
        return value.replace("\0", "").strip()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) <= MAX_ID else str(value)
    return ""
