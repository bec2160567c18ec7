"""The condition operators of policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

from .context import Context

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_LITERALS = {"*": "[*]", "?": "[?]", "$": "$"}


class UnknownOperator(Exception):
    """The operator does not exist or is not implemented here."""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    # `*` and `?` are the only wildcards; `[*]` and `[?]` come from ${*} and ${?}.
    parts = re.split(r"(\[\*\]|\[\?\]|\*|\?)", text)
    translated = {"*": ".*", "?": ".", "[*]": r"\*", "[?]": r"\?"}
    return re.compile("".join(translated.get(part, re.escape(part)) for part in parts), re.DOTALL)


def like(pattern: str, value: str) -> bool:
    """Whether a value matches a pattern with `*` and `?`."""
    return _pattern(pattern).fullmatch(value) is not None


def arn_like(pattern: str, value: str) -> bool:
    """Whether an ARN matches a pattern. Each of the six parts is compared separately."""
    if pattern == "*":
        return True
    patterns, parts = pattern.split(":", 5), value.split(":", 5)
    return len(patterns) == len(parts) == 6 and all(map(like, patterns, parts))


def with_variables(text: str, context: Context) -> str | None:
    """The text with its policy variables replaced; None if the request has no value for one of them."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name, _, default = match[1].partition(",")
        if name in _LITERALS:
            return _LITERALS[name]
        found = context.values(name.strip())
        if found is None and not default:
            missing = True
        return found[0] if found else default.strip().strip("'")

    replaced = _VARIABLE.sub(value, text)
    return None if missing else replaced


def _date(text: str) -> float:
    return float(text) if text.isdigit() else datetime.fromisoformat(text).timestamp()


def _in_network(network: str, address: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network)


# Each function takes the policy's value first, then the request's.
_MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, given: wanted == given,
    "StringEqualsIgnoreCase": lambda wanted, given: wanted.lower() == given.lower(),
    "StringLike": like,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": lambda wanted, given: wanted.lower() == given.lower(),
    "IpAddress": _in_network,
    "NumericEquals": lambda wanted, given: float(given) == float(wanted),
    "NumericLessThan": lambda wanted, given: float(given) < float(wanted),
    "NumericLessThanEquals": lambda wanted, given: float(given) <= float(wanted),
    "NumericGreaterThan": lambda wanted, given: float(given) > float(wanted),
    "NumericGreaterThanEquals": lambda wanted, given: float(given) >= float(wanted),
    "DateEquals": lambda wanted, given: _date(given) == _date(wanted),
    "DateLessThan": lambda wanted, given: _date(given) < _date(wanted),
    "DateLessThanEquals": lambda wanted, given: _date(given) <= _date(wanted),
    "DateGreaterThan": lambda wanted, given: _date(given) > _date(wanted),
    "DateGreaterThanEquals": lambda wanted, given: _date(given) >= _date(wanted),
}
_NEGATIONS: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}


def holds(conditions: Mapping[str, Mapping[str, Sequence[str]]], context: Context) -> bool:
    """Whether every condition of a statement is true for the request. @raises UnknownOperator, UnknownKey"""
    return all(
        _one_holds(operator, context.values(key), wanted, context)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _one_holds(operator: str, given: Sequence[str] | None, wanted: Sequence[str], context: Context) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if name == "Null":
        return all((given is None) == (each.lower() == "true") for each in wanted)
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = name in _NEGATIONS
    match = _MATCHES.get(_NEGATIONS.get(name, name))
    if match is None or quantifier not in ("", "ForAnyValue", "ForAllValues"):
        raise UnknownOperator(f"The condition operator {operator} is not implemented; add it to conditions.py.")
    if given is None:
        return if_exists or quantifier == "ForAllValues" or (negated and quantifier == "")
    if quantifier == "" and len(given) > 1:
        raise UnknownOperator(f"{operator} meets {len(given)} values; only ForAnyValue and ForAllValues take several.")
    values = [value for value in (with_variables(each, context) for each in wanted) if value is not None]
    results = [any(match(value, each) for value in values) != negated for each in given]
    return any(results) if quantifier == "ForAnyValue" else all(results)
