"""Calls from a VPC: through an endpoint with its policy, through the internet, or not at all."""

import json
import unittest

from emulated_aws.access.resource_policies import NoWay, endpoint_policy
from emulated_aws.access.sessions import Place
from emulated_aws.stack import ACCOUNT_ID
from moto.ec2.models import ec2_backends

_REGION = "eu-west-2"
_POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]})


class WayOut(unittest.TestCase):
    """Of a function in a private subnet."""

    def setUp(self) -> None:
        self.network = ec2_backends[ACCOUNT_ID][_REGION]
        self.vpc = self.network.create_vpc("10.7.0.0/16")
        self.subnet = self.network.create_subnet(self.vpc.id, "10.7.0.0/24", availability_zone=f"{_REGION}a")
        self.table = self.network.create_route_table(self.vpc.id)
        self.network.associate_route_table(self.table.id, subnet_id=self.subnet.id)
        self.place = Place(_REGION, (self.subnet.id,))

    def endpoint(self, service: str, kind: str, table: str | None = None) -> str:
        """Creates an endpoint. @returns its ID"""
        made = self.network.create_vpc_endpoint(
            self.vpc.id,
            f"com.amazonaws.{_REGION}.{service}",
            kind,
            _POLICY,
            [table] if table else [],
            private_dns_enabled=kind == "Interface",
        )
        return str(made.id)

    def test_an_interface_endpoint_takes_the_calls_to_its_service(self) -> None:
        """By private DNS. Other services and regions stay unreachable."""
        endpoint_id = self.endpoint("secretsmanager", "Interface")
        way = endpoint_policy(self.place, "secretsmanager", _REGION)
        self.assertEqual(way and way[0], endpoint_id)
        self.assertEqual([each.actions for each in way[1]] if way else [], [("s3:GetObject",)])
        for service, region in (("sqs", _REGION), ("secretsmanager", "us-east-1")):
            with self.assertRaises(NoWay):
                endpoint_policy(self.place, service, region)

    def test_a_gateway_takes_the_calls_of_its_route_tables(self) -> None:
        """Not those of another subnet."""
        self.endpoint("s3", "Gateway", self.network.create_route_table(self.vpc.id).id)
        with self.assertRaises(NoWay):
            endpoint_policy(self.place, "s3", _REGION)
        endpoint_id = self.endpoint("s3", "Gateway", self.table.id)
        way = endpoint_policy(self.place, "s3", _REGION)
        self.assertEqual(way and way[0], endpoint_id)

    def test_without_an_endpoint_a_default_route_leads_out(self) -> None:
        """Through the internet, where no endpoint policy applies."""
        gateway = self.network.create_internet_gateway()
        self.network.attach_internet_gateway(gateway.id, self.vpc.id)
        self.network.create_route(self.table.id, "0.0.0.0/0", gateway_id=gateway.id)
        self.assertIsNone(endpoint_policy(self.place, "sqs", _REGION))
