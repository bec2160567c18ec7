"""ECS, CodeDeploy, Elastic Load Balancing and Application Auto Scaling."""

from ..resource_type import Call, ResourceType

_TARGET = {
    "ServiceNamespace": "P.ServiceNamespace",
    "ResourceId": "P.ResourceId",
    "ScalableDimension": "P.ScalableDimension",
}
_POLICY_TARGET = {
    "ResourceId": "P.ScalingTargetId | split('|', @)[0]",
    "ScalableDimension": "P.ScalingTargetId | split('|', @)[1]",
    "ServiceNamespace": "P.ScalingTargetId | split('|', @)[2]",
}

TYPES = {
    "AWS::ECS::Cluster": ResourceType(
        "ecs",
        Call("create_cluster"),
        ref="Out.cluster.clusterName",
        name="ClusterName",
        rename={"ClusterSettings": "settings"},
        attributes={"Arn": "Out.cluster.clusterArn"},
        delete=Call("delete_cluster", {"cluster": "Ref"}),
        listed=Call("list_clusters", result="clusterArns[]"),
    ),
    "AWS::ECS::TaskDefinition": ResourceType(
        "ecs",
        Call("register_task_definition"),
        ref="Out.taskDefinition.taskDefinitionArn",
        attributes={"TaskDefinitionArn": "Ref"},
        delete=Call("deregister_task_definition", {"taskDefinition": "Ref"}),
        listed=Call("list_task_definitions", {"status": "'ACTIVE'"}, "taskDefinitionArns[]"),
    ),
    # No `update`: CloudFormation cannot change a service under CodeDeploy (aws-cdk 23564).
    "AWS::ECS::Service": ResourceType(
        "ecs",
        Call("create_service"),
        ref="Out.service.serviceArn",
        name="ServiceName",
        attributes={"Name": "Out.service.serviceName", "ServiceArn": "Ref"},
        delete=Call("delete_service", {"cluster": "P.Cluster", "service": "Ref"}),
    ),
    "AWS::CodeDeploy::Application": ResourceType(
        "codedeploy",
        Call("create_application"),
        ref="P.ApplicationName",
        name="ApplicationName",
        delete=Call("delete_application", {"applicationName": "Ref"}),
        listed=Call("list_applications", result="applications[]"),
    ),
    "AWS::CodeDeploy::DeploymentConfig": ResourceType(
        "codedeploy",
        Call("create_deployment_config"),
        ref="P.DeploymentConfigName",
        name="DeploymentConfigName",
        delete=Call("delete_deployment_config", {"deploymentConfigName": "Ref"}),
        listed=Call("list_deployment_configs", result="deploymentConfigsList[]"),
    ),
    "AWS::CodeDeploy::DeploymentGroup": ResourceType(
        "codedeploy",
        Call("create_deployment_group"),
        ref="P.DeploymentGroupName",
        name="DeploymentGroupName",
        update=Call("update_deployment_group", {"currentDeploymentGroupName": "Ref"}),
        delete=Call(
            "delete_deployment_group", {"applicationName": "P.ApplicationName", "deploymentGroupName": "Ref"}
        ),
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ResourceType(
        "elbv2",
        Call("create_load_balancer"),
        ref="Out.LoadBalancers[0].LoadBalancerArn",
        name="Name",
        attributes={
            "CanonicalHostedZoneID": "Out.LoadBalancers[0].CanonicalHostedZoneId",
            "DNSName": "Out.LoadBalancers[0].DNSName",
            "LoadBalancerArn": "Ref",
            "LoadBalancerFullName": "Ref | split(':loadbalancer/', @)[1]",
            "LoadBalancerName": "P.Name",
        },
        apart={
            "LoadBalancerAttributes": Call(
                "modify_load_balancer_attributes", {"LoadBalancerArn": "Ref", "Attributes": "Value"}
            )
        },
        delete=Call("delete_load_balancer", {"LoadBalancerArn": "Ref"}),
        listed=Call("describe_load_balancers", result="LoadBalancers[].LoadBalancerName"),
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ResourceType(
        "elbv2",
        Call("create_target_group"),
        ref="Out.TargetGroups[0].TargetGroupArn",
        name="Name",
        attributes={
            "TargetGroupArn": "Ref",
            "TargetGroupFullName": "Ref | split(':', @)[5]",
            "TargetGroupName": "P.Name",
        },
        apart={
            "TargetGroupAttributes": Call(
                "modify_target_group_attributes", {"TargetGroupArn": "Ref", "Attributes": "Value"}
            )
        },
        update=Call("modify_target_group", {"TargetGroupArn": "Ref"}),
        delete=Call("delete_target_group", {"TargetGroupArn": "Ref"}),
        listed=Call("describe_target_groups", result="TargetGroups[].TargetGroupName"),
    ),
    "AWS::ElasticLoadBalancingV2::Listener": ResourceType(
        "elbv2",
        Call("create_listener"),
        ref="Out.Listeners[0].ListenerArn",
        attributes={"ListenerArn": "Ref"},
        update=Call("modify_listener", {"ListenerArn": "Ref"}),
        delete=Call("delete_listener", {"ListenerArn": "Ref"}),
    ),
    "AWS::ElasticLoadBalancingV2::ListenerRule": ResourceType(
        "elbv2",
        Call("create_rule"),
        ref="Out.Rules[0].RuleArn",
        attributes={"RuleArn": "Ref"},
        update=Call("modify_rule", {"RuleArn": "Ref"}),
        delete=Call("delete_rule", {"RuleArn": "Ref"}),
    ),
    "AWS::ApplicationAutoScaling::ScalableTarget": ResourceType(
        "application-autoscaling",
        Call("register_scalable_target"),
        ref="join('|', [P.ResourceId, P.ScalableDimension, P.ServiceNamespace])",
        update=Call("register_scalable_target"),
        delete=Call("deregister_scalable_target", _TARGET),
        listed=Call("describe_scalable_targets", {"ServiceNamespace": "'ecs'"}, "ScalableTargets[].ResourceId"),
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": ResourceType(
        "application-autoscaling",
        Call("put_scaling_policy", _POLICY_TARGET),
        ref="Out.PolicyARN",
        ignored=("ScalingTargetId",),
        update=Call("put_scaling_policy", _POLICY_TARGET),
        delete=Call("delete_scaling_policy", {**_POLICY_TARGET, "PolicyName": "P.PolicyName"}),
        listed=Call("describe_scaling_policies", {"ServiceNamespace": "'ecs'"}, "ScalingPolicies[].PolicyName"),
    ),
}
