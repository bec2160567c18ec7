"""Functions and dependencies of templates."""

import unittest
from typing import Any

from emulated_aws.template import NO_VALUE, Scope, TemplateError, dependencies, in_order

_OUTPUTS = {("network", "us-east-1", "VpcId"): "vpc-1"}


def _scope(**more: Any) -> Scope:
    def stack_output(where: Any) -> str:
        return _OUTPUTS[where["StackName"], where["Region"], where["OutputName"]]

    settings: dict[str, Any] = {
        "references": {"AWS::Region": "eu-west-1", "Name": "pay", "Count": 3, "Empty": ""},
        "attribute": lambda logical_id, name: f"{logical_id}/{name}",
        "stack_output": stack_output,
        "export": lambda name: {"network:VpcId": "vpc-1"}[name],
        "dynamic_reference": lambda service, argument: f"<{service} {argument}>",
        "zones": lambda region: [f"{region}a", f"{region}b"],
        "mappings": {"Sizes": {"eu-west-1": {"small": "t4g.micro"}}},
        "conditions": {
            "Always": {"Fn::Equals": ["a", "a"]},
            "Never": {"Fn::Not": [{"Condition": "Always"}]},
            "InEurope": {"Fn::Equals": [{"Fn::Select": [0, {"Fn::Split": ["-", {"Ref": "AWS::Region"}]}]}, "eu"]},
        },
        **more,
    }
    return Scope(**settings)


class Functions(unittest.TestCase):
    """Each intrinsic function, alone and nested."""

    def test_each(self) -> None:
        """Input and result by name."""
        for function, argument, expected in (
            ("Ref", "Name", "pay"),
            ("Fn::GetAtt", ["Bucket", "Arn"], "Bucket/Arn"),
            ("Fn::ImportValue", "network:VpcId", "vpc-1"),
            ("Fn::GetAtt", "Database.Endpoint.Address", "Database/Endpoint.Address"),
            ("Fn::GetAtt", ["Bucket", {"Ref": "Name"}], "Bucket/pay"),
            ("Fn::And", [{"Condition": "Always"}, {"Condition": "Never"}], False),
            ("Fn::Or", [{"Condition": "Always"}, {"Condition": "Never"}], True),
            ("Fn::Base64", {"Ref": "Name"}, "cGF5"),
            ("Fn::Contains", [["a", "pay"], {"Ref": "Name"}], True),
            ("Fn::FindInMap", ["Sizes", {"Ref": "AWS::Region"}, "small"], "t4g.micro"),
            ("Fn::GetAZs", "", ["eu-west-1a", "eu-west-1b"]),
            ("Fn::GetAZs", "us-west-2", ["us-west-2a", "us-west-2b"]),
            ("Fn::Join", ["-", ["a", {"Ref": "Count"}]], "a-3"),
            ("Fn::Select", ["1", {"Fn::GetAZs": ""}], "eu-west-1b"),
            ("Fn::Split", [",", "a,b"], ["a", "b"]),
            ("Fn::ToJsonString", {"a": [{"Ref": "Count"}]}, '{"a": [3]}'),
        ):
            with self.subTest(function, argument=argument):
                self.assertEqual(_scope().evaluate({function: argument}), expected)

    def test_outputs_of_other_stacks(self) -> None:
        """Fn::GetStackOutput takes stack, region and name, each of which may be a function."""
        where = {"StackName": {"Fn::Join": ["", ["net", "work"]]}, "Region": "us-east-1", "OutputName": "VpcId"}
        self.assertEqual(_scope().evaluate({"Fn::GetStackOutput": where}), "vpc-1")
        with self.assertRaises(KeyError):
            _scope().evaluate({"Fn::GetStackOutput": {**where, "Region": {"Ref": "AWS::Region"}}})

    def test_substitution(self) -> None:
        """Variables of the template, local ones, and text that only looks like a variable."""
        sub = {"Fn::Sub": ["${Name}/${Bucket.Arn}/${Own}/${!Name}", {"Own": {"Ref": "Count"}}]}
        self.assertEqual(_scope().evaluate(sub), "pay/Bucket/Arn/3/${Name}")

    def test_dynamic_references(self) -> None:
        """Inside text, and in text that comes from a function."""
        self.assertEqual(_scope().evaluate("a {{resolve:ssm:/x}} b"), "a <ssm /x> b")
        joined = {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Name"}, ":SecretString}}"]]}
        self.assertEqual(_scope().evaluate(joined), "<secretsmanager pay:SecretString>")

    def test_unknown(self) -> None:
        """The error names what does not exist."""
        with self.assertRaisesRegex(TemplateError, "Fn::Cidr"):
            _scope().evaluate({"Fn::Cidr": []})
        with self.assertRaisesRegex(TemplateError, "Ref names Missing"):
            _scope().evaluate({"Ref": "Missing"})

    def test_no_function(self) -> None:
        """Structures are unchanged, even if their only key is no function."""
        value = {"Rules": [{"Refer": 1}, True, None, 1.5]}
        self.assertEqual(_scope().evaluate(value), value)


class Conditions(unittest.TestCase):
    """Conditions, and values that depend on them."""

    def test_named(self) -> None:
        """By name, even if one refers to another."""
        self.assertEqual([_scope().condition(each) for each in ("Always", "Never", "InEurope")], [True, False, True])

    def test_choice(self) -> None:
        """Only the chosen branch is evaluated."""
        missing = {"Ref": "Missing"}
        self.assertEqual(_scope().evaluate({"Fn::If": ["Always", {"Ref": "Name"}, missing]}), "pay")
        self.assertEqual(_scope().evaluate({"Fn::If": ["Never", missing, "b"]}), "b")

    def test_no_value(self) -> None:
        """AWS::NoValue removes its property or item. Empty values stay."""
        nothing = {"Fn::If": ["Never", "a", {"Ref": "AWS::NoValue"}]}
        self.assertEqual(_scope().evaluate({"A": nothing, "B": [nothing, ""], "C": {"Ref": "Empty"}}), {"B": [""], "C": ""})
        self.assertIs(_scope().evaluate(nothing), NO_VALUE)


class Order(unittest.TestCase):
    """Dependencies."""

    def test_dependencies(self) -> None:
        """Declared dependencies and all kinds of references, but neither parameters nor plain text."""
        resource = {
            "DependsOn": ["A", "Elsewhere"],
            "Properties": {
                "Reference": {"Ref": "B"},
                "Attributes": [{"Fn::GetAtt": ["C", "Arn"]}, {"Fn::GetAtt": "D.Arn"}],
                "Texts": {"Fn::Sub": ["${E} ${F.Arn} ${!G} ${Own}", {"Own": {"Ref": "H"}}]},
                "Parameter": {"Ref": "Name"},
                "Text": "I",
            },
        }
        self.assertEqual(dependencies(resource, dict.fromkeys("ABCDEFGHI")), set("ABCDEFH"))
        self.assertEqual(dependencies({"DependsOn": "A"}, {"A": None}), {"A"})

    def test_order(self) -> None:
        """In the order of dependencies, regardless of the order in the template."""
        resources = {"C": {"DependsOn": ["B", "A"]}, "B": {"Properties": {"P": {"Ref": "A"}}}, "A": {}, "D": {}}
        self.assertEqual(in_order(resources), ["A", "B", "C", "D"])

    def test_circle(self) -> None:
        """The error names the members of a circle."""
        with self.assertRaisesRegex(TemplateError, "A -> B -> A"):
            in_order({"A": {"DependsOn": "B"}, "B": {"DependsOn": "A"}})
