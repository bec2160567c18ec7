"""Decisions by policies of identities, boundaries, resources and endpoints together."""

import unittest
from collections.abc import Sequence
from typing import Any

from emulated_aws.access.context import Context
from emulated_aws.access.evaluation import Authorization, Decision, Policies, decide
from emulated_aws.access.policy import PolicyError, Statement, statements

_ROLE = "arn:aws:iam::123456789012:role/writer"
_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:login-AbCdEf"
_KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
_ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


def _policy(*given: dict[str, Any], holder: str = "writer") -> Sequence[Statement]:
    return statements({"Statement": [{"Effect": "Allow", "Resource": "*", **each} for each in given]}, holder, "policy")


def _decide(action: str, resource: str, policies: Policies, **values: str) -> Decision:
    keys = {name.replace("_", ":"): value for name, value in values.items()}
    return decide(Authorization(_ROLE, "123456789012", action, resource, Context(action, keys)), policies)


_EVERYTHING = _policy({"Action": "*"})


class IdentityPolicies(unittest.TestCase):
    """The policies of a role."""

    def test_nothing_is_allowed_that_no_statement_allows(self) -> None:
        """The message says that the denial is implicit."""
        decision = _decide("secretsmanager:PutSecretValue", _SECRET, Policies(_policy({"Action": "s3:*"})))
        self.assertEqual((decision.allowed, decision.reason), (False, "because no identity-based policy allows it"))

    def test_action_and_resource_match_by_wildcards(self) -> None:
        """Actions are case-insensitive, resources are not."""
        for action, resource, allowed in (
            ("SecretsManager:put*", "*", True),
            ("secretsmanager:PutSecretValue", f"{_SECRET[:-6]}??????", True),
            ("secretsmanager:PutSecretValue", _SECRET.upper(), False),
            ("secretsmanager:GetSecretValue", "*", False),
        ):
            with self.subTest(action=action, resource=resource):
                policies = Policies(_policy({"Action": action, "Resource": resource}))
                self.assertIs(_decide("secretsmanager:PutSecretValue", _SECRET, policies).allowed, allowed)

    def test_not_action_and_not_resource_are_everything_else(self) -> None:
        """As the boundary uses them."""
        allowed = Policies(_policy({"NotAction": ["iam:*"]}))
        self.assertTrue(_decide("secretsmanager:PutSecretValue", _SECRET, allowed).allowed)
        self.assertFalse(_decide("iam:PassRole", _ROLE, allowed).allowed)
        [statement] = statements(
            {"Statement": {"Effect": "Allow", "Action": "*", "NotResource": [_SECRET]}}, "writer", "policy"
        )
        self.assertFalse(_decide("secretsmanager:PutSecretValue", _SECRET, Policies([statement])).allowed)

    def test_a_deny_wins(self) -> None:
        """In any policy."""
        for where in ("identity", "boundary", "endpoint", "resource"):
            with self.subTest(where):
                deny = _policy({"Action": "*", "Principal": "*"}, {"Effect": "Deny", "Action": "*", "Principal": "*"})
                policies = Policies(**{"identity": _EVERYTHING, where: deny})  # type: ignore[arg-type]
                decision = _decide("secretsmanager:PutSecretValue", _SECRET, policies)
                self.assertFalse(decision.allowed)
                self.assertIn("explicit deny", decision.reason)

    def test_names_every_statement_that_allows(self) -> None:
        """A single allowing statement is relied on; of two, neither is."""
        twice = _policy({"Action": "s3:*"}, {"Action": "secretsmanager:*"}, {"Action": "*"})
        decision = _decide("secretsmanager:PutSecretValue", _SECRET, Policies(twice))
        self.assertEqual([source.index for source in decision.relies_on], [1, 2])

    def test_an_unknown_element_is_refused(self) -> None:
        """An unknown element is an error."""
        with self.assertRaisesRegex(PolicyError, "NotPrincipal"):
            _policy({"Action": "*", "NotPrincipal": "*"})


class Limits(unittest.TestCase):
    """Permissions that a role is granted but that something else limits."""

    def test_boundary_and_endpoint_must_allow_too(self) -> None:
        """Each grants nothing by itself."""
        nothing = _policy({"Action": "s3:*", "Principal": "*"})
        for policies in (Policies(_EVERYTHING, boundary=nothing), Policies(_EVERYTHING, endpoint=nothing)):
            self.assertFalse(_decide("secretsmanager:PutSecretValue", _SECRET, policies).allowed)
        self.assertFalse(_decide("secretsmanager:PutSecretValue", _SECRET, Policies(boundary=_EVERYTHING)).allowed)


class ResourcePolicies(unittest.TestCase):
    """Policies of secrets, buckets and keys."""

    def test_a_secrets_policy_is_enough(self) -> None:
        """In the account of the role, if it names the role and not the account."""
        for principal, allowed in ((_ROOT, False), ({"AWS": _ROLE}, True), ("*", True), ({"Service": "*"}, False)):
            with self.subTest(principal=principal):
                policies = Policies(resource=_policy({"Action": "*", "Principal": principal}))
                self.assertIs(_decide("secretsmanager:PutSecretValue", _SECRET, policies).allowed, allowed)

    def test_a_key_must_allow(self) -> None:
        """By itself, or by delegating to the policies of the account."""
        for resource, identity, allowed in (
            (_policy({"Action": "kms:*", "Principal": _ROOT}), _EVERYTHING, True),
            (_policy({"Action": "kms:*", "Principal": _ROOT}), (), False),
            (_policy({"Action": "kms:Encrypt", "Principal": _ROOT}), _EVERYTHING, False),
            (_policy({"Action": "kms:Decrypt", "Principal": "*"}), (), True),
        ):
            policies = Policies(identity, resource=resource, resource_must_allow=True)
            self.assertIs(_decide("kms:Decrypt", _KEY, policies).allowed, allowed)

    def test_a_key_that_serves_one_service_only(self) -> None:
        """The condition decides through which service."""
        condition = {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}
        key = _policy({"Action": "kms:Decrypt", "Principal": "*", "Condition": condition})
        policies = Policies(resource=key, resource_must_allow=True)
        through = {"kms_ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
        self.assertTrue(_decide("kms:Decrypt", _KEY, policies, **through).allowed)
        self.assertFalse(_decide("kms:Decrypt", _KEY, policies, kms_ViaService="s3.eu-west-1.amazonaws.com").allowed)
