"""The parts of a VPC, in Amazon EC2."""

from ..resource_type import Call, ResourceType

_RULE = "[{IpProtocol: P.IpProtocol, FromPort: P.FromPort, ToPort: P.ToPort, %s}]"
_SOURCES = (
    "IpRanges: (P.CidrIp && [{CidrIp: P.CidrIp, Description: P.Description}]) || `[]`, "
    "UserIdGroupPairs: (P.%s && [{GroupId: P.%s, Description: P.Description}]) || `[]`, "
    "PrefixListIds: (P.%s && [{PrefixListId: P.%s, Description: P.Description}]) || `[]`"
)
_INGRESS = _RULE % (_SOURCES % (("SourceSecurityGroupId",) * 2 + ("SourcePrefixListId",) * 2))
_EGRESS = _RULE % (_SOURCES % (("DestinationSecurityGroupId",) * 2 + ("DestinationPrefixListId",) * 2))
_INLINE = (
    "Value[].{IpProtocol: IpProtocol, FromPort: FromPort, ToPort: ToPort, "
    "IpRanges: (CidrIp && [{CidrIp: CidrIp, Description: Description}]) || `[]`}"
)
_EVERYTHING = '[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]'


def _rule(direction: str, permissions: str) -> ResourceType:
    permission = {"GroupId": "P.GroupId", "IpPermissions": permissions}
    return ResourceType(
        "ec2",
        Call(f"authorize_security_group_{direction}", permission),
        ref="Out.SecurityGroupRules[0].SecurityGroupRuleId",
        delete=Call(f"revoke_security_group_{direction}", permission),
        bare=True,
    )


TYPES = {
    "AWS::EC2::VPC": ResourceType(
        "ec2",
        Call("create_vpc"),
        ref="Out.Vpc.VpcId",
        tagged_as="vpc",
        attributes={
            "VpcId": "Ref",
            "CidrBlock": "P.CidrBlock",
            "DefaultSecurityGroup": Call(
                "describe_security_groups",
                {"Filters": "[{Name: 'vpc-id', Values: [Ref]}, {Name: 'group-name', Values: ['default']}]"},
                "Answer.SecurityGroups[0].GroupId",
            ),
        },
        apart={
            "EnableDnsSupport": Call("modify_vpc_attribute", {"VpcId": "Ref", "EnableDnsSupport": "{Value: Value}"}),
            "EnableDnsHostnames": Call(
                "modify_vpc_attribute", {"VpcId": "Ref", "EnableDnsHostnames": "{Value: Value}"}
            ),
        },
        delete=Call("delete_vpc", {"VpcId": "Ref"}),
        listed=Call("describe_vpcs", result="Vpcs[?!IsDefault].VpcId"),
    ),
    "AWS::EC2::Subnet": ResourceType(
        "ec2",
        Call("create_subnet"),
        ref="Out.Subnet.SubnetId",
        tagged_as="subnet",
        attributes={"SubnetId": "Ref", "AvailabilityZone": "Out.Subnet.AvailabilityZone"},
        apart={
            "MapPublicIpOnLaunch": Call(
                "modify_subnet_attribute", {"SubnetId": "Ref", "MapPublicIpOnLaunch": "{Value: Value}"}
            )
        },
        delete=Call("delete_subnet", {"SubnetId": "Ref"}),
        listed=Call("describe_subnets", result="Subnets[?!DefaultForAz].SubnetId"),
    ),
    "AWS::EC2::RouteTable": ResourceType(
        "ec2",
        Call("create_route_table"),
        ref="Out.RouteTable.RouteTableId",
        tagged_as="route-table",
        attributes={"RouteTableId": "Ref"},
        delete=Call("delete_route_table", {"RouteTableId": "Ref"}),
        listed=Call("describe_route_tables", result="RouteTables[?!(Associations[?Main])].RouteTableId"),
    ),
    "AWS::EC2::SubnetRouteTableAssociation": ResourceType(
        "ec2",
        Call("associate_route_table"),
        ref="Out.AssociationId",
        delete=Call("disassociate_route_table", {"AssociationId": "Ref"}),
    ),
    "AWS::EC2::Route": ResourceType(
        "ec2",
        Call("create_route"),
        ref="join('|', [P.RouteTableId, P.DestinationCidrBlock])",
        delete=Call(
            "delete_route", {"RouteTableId": "P.RouteTableId", "DestinationCidrBlock": "P.DestinationCidrBlock"}
        ),
    ),
    "AWS::EC2::InternetGateway": ResourceType(
        "ec2",
        Call("create_internet_gateway"),
        ref="Out.InternetGateway.InternetGatewayId",
        tagged_as="internet-gateway",
        delete=Call("delete_internet_gateway", {"InternetGatewayId": "Ref"}),
        listed=Call("describe_internet_gateways", result="InternetGateways[].InternetGatewayId"),
    ),
    "AWS::EC2::VPCGatewayAttachment": ResourceType(
        "ec2",
        Call("attach_internet_gateway"),
        ref="join('|', ['IGW', P.VpcId])",
        delete=Call("detach_internet_gateway", {"InternetGatewayId": "P.InternetGatewayId", "VpcId": "P.VpcId"}),
    ),
    "AWS::EC2::EIP": ResourceType(
        "ec2",
        Call("allocate_address"),
        ref="Out.PublicIp",
        tagged_as="elastic-ip",
        attributes={"AllocationId": "Out.AllocationId", "PublicIp": "Ref"},
        delete=Call("release_address", {"AllocationId": "Out.AllocationId"}),
        listed=Call("describe_addresses", result="Addresses[].AllocationId"),
    ),
    "AWS::EC2::NatGateway": ResourceType(
        "ec2",
        Call("create_nat_gateway"),
        ref="Out.NatGateway.NatGatewayId",
        tagged_as="natgateway",
        delete=Call("delete_nat_gateway", {"NatGatewayId": "Ref"}),
        listed=Call("describe_nat_gateways", result="NatGateways[?State!='deleted'].NatGatewayId"),
    ),
    "AWS::EC2::Instance": ResourceType(
        "ec2",
        Call(
            "run_instances",
            {
                "MinCount": "`1`",
                "MaxCount": "`1`",
                "IamInstanceProfile": "{Name: P.IamInstanceProfile}",
                "Placement": "{AvailabilityZone: P.AvailabilityZone}",
                "Monitoring": "{Enabled: P.Monitoring}",
                # Interfaces are deleted with their instance: the default of EC2, but not of moto.
                "NetworkInterfaces": "P.NetworkInterfaces[].{AssociatePublicIpAddress: AssociatePublicIpAddress, "
                "DeviceIndex: DeviceIndex, Groups: GroupSet, SubnetId: SubnetId, DeleteOnTermination: `true`}",
            },
        ),
        ref="Out.Instances[0].InstanceId",
        ignored=("AvailabilityZone", "IamInstanceProfile", "Monitoring", "NetworkInterfaces"),
        tagged_as="instance",
        apart={
            "SourceDestCheck": Call(
                "modify_instance_attribute", {"InstanceId": "Ref", "SourceDestCheck": "{Value: Value}"}
            )
        },
        delete=Call("terminate_instances", {"InstanceIds": "[Ref]"}),
        listed=Call(
            "describe_instances", result="Reservations[].Instances[?State.Name!='terminated'].InstanceId[]"
        ),
    ),
    "AWS::EC2::SecurityGroup": ResourceType(
        "ec2",
        Call("create_security_group"),
        ref="Out.GroupId",
        name="GroupName",
        rename={"GroupDescription": "Description"},
        tagged_as="security-group",
        attributes={"GroupId": "Ref", "VpcId": "P.VpcId"},
        apart={
            "SecurityGroupIngress": Call(
                "authorize_security_group_ingress", {"GroupId": "Ref", "IpPermissions": _INLINE}
            ),
            # A new security group allows all outbound traffic, unless it has egress rules.
            "SecurityGroupEgress": (
                Call("revoke_security_group_egress", {"GroupId": "Ref", "IpPermissions": f"`{_EVERYTHING}`"}),
                Call("authorize_security_group_egress", {"GroupId": "Ref", "IpPermissions": _INLINE}),
            ),
        },
        delete=Call("delete_security_group", {"GroupId": "Ref"}),
        listed=Call("describe_security_groups", result="SecurityGroups[?GroupName!='default'].GroupId"),
    ),
    "AWS::EC2::SecurityGroupIngress": _rule("ingress", _INGRESS),
    "AWS::EC2::SecurityGroupEgress": _rule("egress", _EGRESS),
    "AWS::EC2::VPCEndpoint": ResourceType(
        "ec2",
        Call("create_vpc_endpoint"),
        ref="Out.VpcEndpoint.VpcEndpointId",
        tagged_as="vpc-endpoint",
        attributes={"Id": "Ref"},
        delete=Call("delete_vpc_endpoints", {"VpcEndpointIds": "[Ref]"}),
        listed=Call("describe_vpc_endpoints", result="VpcEndpoints[?State!='deleted'].VpcEndpointId"),
    ),
    "AWS::EC2::FlowLog": ResourceType(
        "ec2",
        Call("create_flow_logs", {"ResourceIds": "[P.ResourceId]"}),
        ref="Out.FlowLogIds[0]",
        ignored=("ResourceId",),
        tagged_as="vpc-flow-log",
        delete=Call("delete_flow_logs", {"FlowLogIds": "[Ref]"}),
        listed=Call("describe_flow_logs", result="FlowLogs[].FlowLogId"),
    ),
}
