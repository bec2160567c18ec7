"""Conditions of policies, operator by operator."""

import unittest
from collections.abc import Mapping, Sequence

from emulated_aws.access.conditions import UnknownOperator, arn_like, holds, with_variables
from emulated_aws.access.context import Context, UnknownKey

_GIVEN: Mapping[str, Sequence[str] | str | None] = {
    "aws:RequestedRegion": "eu-west-1",
    "aws:PrincipalArn": "arn:aws:iam::123456789012:role/api",
    "aws:SourceIp": "10.0.0.7",
    "aws:EpochTime": "100",
    "aws:CurrentTime": "2026-01-02T00:00:00+00:00",
    "aws:SecureTransport": "true",
    "aws:TagKeys": ("Environment", "Owner"),
    "aws:SourceArn": None,
}


def _holds(operator: str, key: str, *wanted: str) -> bool:
    return holds({operator: {key: wanted}}, Context("ecs:RunTask", _GIVEN))


class Operators(unittest.TestCase):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""

    def test_operators_compare_the_requests_value_with_any_of_the_policys(self) -> None:
        """Each operator has a value that matches and one that does not. A negation is true if none matches."""
        for operator, key, matching, other in (
            ("StringEquals", "aws:RequestedRegion", "eu-west-1", "EU-WEST-1"),
            ("StringEqualsIgnoreCase", "aws:RequestedRegion", "EU-West-1", "us-east-1"),
            ("StringLike", "aws:RequestedRegion", "eu-*-?", "us-*"),
            ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*", "arn:aws:sts::*:*"),
            ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/a*", "arn:aws:iam::1:role/api"),
            ("Bool", "aws:SecureTransport", "True", "false"),
            ("IpAddress", "aws:SourceIp", "10.0.0.0/24", "10.1.0.0/24"),
            ("NumericLessThan", "aws:EpochTime", "100.5", "100"),
            ("NumericGreaterThanEquals", "aws:EpochTime", "100", "101"),
            ("DateLessThan", "aws:CurrentTime", "2026-01-03T00:00:00Z", "2026-01-01T00:00:00Z"),
        ):
            with self.subTest(operator):
                self.assertTrue(_holds(operator, key, other, matching))
                self.assertFalse(_holds(operator, key, other))
        for operator, key, matching, other in (
            ("StringNotEquals", "aws:RequestedRegion", "eu-west-1", "us-east-1"),
            ("StringNotLike", "aws:RequestedRegion", "eu-*", "us-*"),
            ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*", "arn:aws:sts::*:*"),
            ("NotIpAddress", "aws:SourceIp", "10.0.0.0/24", "10.1.0.0/24"),
        ):
            with self.subTest(operator):
                self.assertTrue(_holds(operator, key, other))
                self.assertFalse(_holds(operator, key, other, matching))

    def test_a_value_that_the_request_does_not_have(self) -> None:
        """A missing key fails a comparison, but not a negated one or an IfExists one."""
        self.assertFalse(_holds("ArnLike", "aws:SourceArn", "*"))
        self.assertTrue(_holds("ArnNotLike", "aws:SourceArn", "*"))
        self.assertTrue(_holds("ArnLikeIfExists", "aws:SourceArn", "arn:aws:sns:*:*:*"))
        self.assertTrue(_holds("Null", "aws:SourceArn", "true"))
        self.assertFalse(_holds("Null", "aws:SourceArn", "false"))
        self.assertTrue(_holds("ForAllValues:StringEquals", "aws:SourceArn", "x"))
        self.assertFalse(_holds("ForAnyValue:StringEquals", "aws:SourceArn", "x"))

    def test_several_values(self) -> None:
        """ForAnyValue or ForAllValues; neither is an error."""
        self.assertTrue(_holds("ForAnyValue:StringEquals", "aws:TagKeys", "Owner"))
        self.assertFalse(_holds("ForAllValues:StringEquals", "aws:TagKeys", "Owner"))
        self.assertTrue(_holds("ForAllValues:StringEquals", "aws:TagKeys", "Owner", "Environment"))
        with self.assertRaises(UnknownOperator):
            _holds("StringEquals", "aws:TagKeys", "Owner")

    def test_what_is_unknown_is_neither_true_nor_false(self) -> None:
        """Unknown: an operator, a global key and a key of the action. A key that the action does not have is absent."""
        with self.assertRaises(UnknownOperator):
            _holds("BinaryEquals", "aws:RequestedRegion", "eu-west-1")
        with self.assertRaises(UnknownOperator):
            _holds("ForSomeValues:StringEquals", "aws:RequestedRegion", "eu-west-1")
        with self.assertRaisesRegex(UnknownKey, "aws:SourceVpc"):
            _holds("StringEquals", "aws:SourceVpc", "vpc-1")
        with self.assertRaisesRegex(UnknownKey, "ecs:cluster"):
            _holds("ArnEquals", "ecs:cluster", "*")
        self.assertFalse(_holds("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"))

    def test_keys_do_not_regard_case(self) -> None:
        """CDK writes AWS:SourceArn, and the documentation of S3 aws:SourceArn."""
        self.assertTrue(_holds("StringEquals", "AWS:requestedregion", "eu-west-1"))


class Patterns(unittest.TestCase):
    """Wildcards and variables."""

    def test_a_wildcard_of_an_arn_ends_at_the_colon(self) -> None:
        """Differs from StringLike. The last part may contain colons."""
        self.assertFalse(arn_like("arn:aws:*:role/api", "arn:aws:iam::123456789012:role/api"))
        self.assertTrue(arn_like("arn:aws:logs:*:*:log-group:*", "arn:aws:logs:eu-west-1:1:log-group:a:log-stream:b"))

    def test_variables(self) -> None:
        """A variable without a value matches nothing; ${*} is a star."""
        context = Context("ecs:RunTask", _GIVEN)
        self.assertEqual(with_variables("a/${aws:RequestedRegion}/b", context), "a/eu-west-1/b")
        self.assertIsNone(with_variables("${aws:SourceArn}", context))
        self.assertEqual(with_variables("${aws:SourceArn, 'none'}", context), "none")
        self.assertFalse(holds({"StringLike": {"aws:RequestedRegion": ["eu-west-1${*}"]}}, context))
