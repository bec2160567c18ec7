"""The values of a request for conditions."""

from collections.abc import Mapping, Sequence

from .service_reference import carries


class UnknownKey(Exception):
    """The emulator does not know the value of a condition key. To treat it as absent could allow or deny by mistake."""


class Context:
    """The condition keys of a request for one action. Their names are case-insensitive."""

    def __init__(self, action: str, given: Mapping[str, Sequence[str] | str | None]) -> None:
        self._action = action
        self._given = {
            key.lower(): (value,) if isinstance(value, str) else value for key, value in given.items()
        }

    def values(self, key: str) -> Sequence[str] | None:
        """The values of a key; None if the request has none. @raises UnknownKey"""
        if key.lower() in self._given:
            return self._given[key.lower()]
        if carries(self._action, key):
            raise UnknownKey(f"{self._action} carries {key}, whose value is not known here; add it to keys.py.")
        return None

    def __repr__(self) -> str:
        return repr({key: value for key, value in self._given.items() if value is not None})
