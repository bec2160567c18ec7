"""Differences from AWS: types that moto does not support, and compressed time."""

import json
import unittest
from typing import Any
from unittest.mock import patch

from emulated_aws import cloudformation
from emulated_aws.resource_type import Call, Maker, ReplacementNeeded, ResourceType, kept
from emulated_aws.services import databases, state_machines, various
from emulated_aws.stack import ACCOUNT_ID, Definition, Stack
from moto.rds.models import RDSBackend, rds_backends
from moto.route53.models import Route53Backend, route53_backends

_RULE = kept("P.Rule.Name", {"Arn": "join(':', [At.Region, P.Rule.Name])"})


class KeptTypeTest(unittest.TestCase):
    """A type that no service supports."""

    def setUp(self) -> None:
        # Without an API, any call fails.
        self.maker = Maker(None, {"Region": "eu-west-1"})  # type: ignore[arg-type]
        self.rule = self.maker.create("Id", "Rule", _RULE, {"Rule": {"Name": "rule"}})

    def test_has_a_name_and_attributes_without_any_call(self) -> None:
        """References to it return what the template says."""
        self.assertEqual((self.rule.ref, self.rule.attributes), ("rule", {"Arn": "eu-west-1:rule"}))
        self.maker.delete(_RULE, self.rule)

    def test_is_replaced_when_it_changes(self) -> None:
        """It cannot be updated."""
        with self.assertRaises(ReplacementNeeded):
            self.maker.update(_RULE, self.rule, {"Rule": {"Name": "other"}})

    def test_is_listed_when_a_stack_has_it(self) -> None:
        """Supported types and unused types are not listed."""
        types = {"Rule": _RULE, "Unused": _RULE, "Thing": ResourceType("things", Call("create_thing"), ref="Ref")}
        stack = Stack("stack", "eu-west-1")
        stack.definition = Definition({"Resources": {each: {"Type": each} for each in ("Rule", "Thing", "Custom::Own")}})
        with patch.object(cloudformation, "TYPES", types), patch.object(cloudformation, "_stacks", [stack]):
            _, _, body = cloudformation.CloudFormation.kept_only(None, "", None)
        self.assertEqual(json.loads(body), ["Rule"])


class CompressedTimeTest(unittest.TestCase):
    """Waits of state machines."""

    def test_what_is_not_waited_makes_it_later_for_functions(self) -> None:
        """Real time and the clock's lead add up to the requested time."""
        slept: list[Any] = []
        before = state_machines.clock_ahead_milliseconds()
        with patch.object(state_machines.time, "sleep", slept.append):
            state_machines._wait(100)
            state_machines._wait(50)
        ahead = state_machines.clock_ahead_milliseconds() - before
        self.assertLess(sum(slept), 10)
        self.assertAlmostEqual(sum(slept) * 1000 + ahead, 150_000, delta=2)


class DeletedRecordTest(unittest.TestCase):
    """A second environment of the same name follows the first."""

    def test_a_record_is_made_again(self) -> None:
        """Even if another record follows."""
        backend: Any = route53_backends[ACCOUNT_ID]["aws"]
        zone = backend.create_hosted_zone("example.com", False, None, None)
        change = various._forgetting_deleted_records(Route53Backend.change_resource_record_sets)

        def make(action: str, name: str) -> None:
            record = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
            change(backend, zone.id, [{"Action": action, "ResourceRecordSet": record}])

        make("CREATE", "api.example.com")
        make("CREATE", "pay.example.com")
        make("DELETE", "api.example.com")
        make("CREATE", "api.example.com")
        self.assertIn("api.example.com.", [each.name for each in zone.rrsets])


class DeletedClusterTest(unittest.TestCase):
    """A second environment of the same name follows the first within a minute."""

    def test_automated_snapshots_go_with_the_cluster(self) -> None:
        """Manual snapshots are kept."""
        backend: Any = rds_backends[ACCOUNT_ID]["eu-west-1"]
        delete = databases._deleting_automated_snapshots(RDSBackend.delete_db_cluster)
        cluster = {
            "db_cluster_identifier": "payments",
            "engine": "aurora-postgresql",
            "master_username": "owner",
            "master_user_password": "not a secret",
        }
        backend.create_db_cluster(cluster)
        backend.create_db_cluster_snapshot("payments", "kept")
        delete(backend, "payments")
        self.assertEqual(list(backend.cluster_snapshots), ["kept"])
        backend.create_db_cluster(cluster)
