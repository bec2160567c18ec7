"""IAM, KMS, Secrets Manager, Certificate Manager and Cognito."""

from ..resource_type import Call, ResourceType, kept

TYPES = {
    "AWS::IAM::Role": ResourceType(
        "iam",
        Call("create_role"),
        ref="Out.Role.RoleName",
        name="RoleName",
        attributes={"Arn": "Out.Role.Arn", "RoleId": "Out.Role.RoleId"},
        apart={
            "ManagedPolicyArns": Call("attach_role_policy", {"RoleName": "Ref", "PolicyArn": "Value"}, each="Value"),
            "Policies": Call(
                "put_role_policy",
                {"RoleName": "Ref", "PolicyName": "Value.PolicyName", "PolicyDocument": "Value.PolicyDocument"},
                each="Value",
            ),
        },
        delete=(
            Call("detach_role_policy", {"RoleName": "Ref", "PolicyArn": "Value"}, each="P.ManagedPolicyArns"),
            Call("delete_role_policy", {"RoleName": "Ref", "PolicyName": "Value"}, each="P.Policies[].PolicyName"),
            Call("delete_role", {"RoleName": "Ref"}),
        ),
        listed=Call("list_roles", result="Roles[].RoleName"),
    ),
    "AWS::IAM::InstanceProfile": ResourceType(
        "iam",
        Call("create_instance_profile"),
        ref="Out.InstanceProfile.InstanceProfileName",
        name="InstanceProfileName",
        attributes={"Arn": "Out.InstanceProfile.Arn"},
        apart={
            "Roles": Call(
                "add_role_to_instance_profile", {"InstanceProfileName": "Ref", "RoleName": "Value"}, each="Value"
            )
        },
        delete=(
            Call(
                "remove_role_from_instance_profile",
                {"InstanceProfileName": "Ref", "RoleName": "Value"},
                each="P.Roles",
            ),
            Call("delete_instance_profile", {"InstanceProfileName": "Ref"}),
        ),
        listed=Call("list_instance_profiles", result="InstanceProfiles[].InstanceProfileName"),
    ),
    "AWS::IAM::Policy": ResourceType(
        "iam",
        Call("put_role_policy", {"RoleName": "P.Roles[0]"}),
        ref="P.PolicyName",
        ignored=("Roles",),
        update=Call("put_role_policy", {"RoleName": "P.Roles[0]"}),
        delete=Call("delete_role_policy", {"RoleName": "P.Roles[0]", "PolicyName": "P.PolicyName"}),
    ),
    "AWS::IAM::ManagedPolicy": ResourceType(
        "iam",
        Call("create_policy"),
        ref="Out.Policy.Arn",
        name="ManagedPolicyName",
        rename={"ManagedPolicyName": "PolicyName"},
        attributes={"PolicyArn": "Ref"},
        apart={"Roles": Call("attach_role_policy", {"RoleName": "Value", "PolicyArn": "Ref"}, each="Value")},
        update=Call("create_policy_version", {"PolicyArn": "Ref", "SetAsDefault": "`true`"}),
        delete=(
            Call("detach_role_policy", {"RoleName": "Value", "PolicyArn": "Ref"}, each="P.Roles"),
            Call("delete_policy", {"PolicyArn": "Ref"}),
        ),
        listed=Call("list_policies", {"Scope": "'Local'"}, "Policies[].PolicyName"),
    ),
    "AWS::KMS::Key": ResourceType(
        "kms",
        Call("create_key"),
        ref="Out.KeyMetadata.KeyId",
        rename={"KeyPolicy": "Policy"},
        ignored=("PendingWindowInDays",),
        attributes={"Arn": "Out.KeyMetadata.Arn", "KeyId": "Ref"},
        apart={"EnableKeyRotation": Call("enable_key_rotation", {"KeyId": "Ref"}, when="Value")},
        update=Call("put_key_policy", {"KeyId": "Ref", "PolicyName": "'default'"}),
        delete=Call(
            "schedule_key_deletion", {"KeyId": "Ref", "PendingWindowInDays": "P.PendingWindowInDays || `30`"}
        ),
    ),
    "AWS::KMS::Alias": ResourceType(
        "kms",
        Call("create_alias"),
        ref="P.AliasName",
        update=Call("update_alias"),
        delete=Call("delete_alias", {"AliasName": "Ref"}),
        listed=Call("list_aliases", result="Aliases[?!starts_with(AliasName, 'alias/aws/')].AliasName"),
    ),
    "AWS::SecretsManager::Secret": ResourceType(
        "secretsmanager",
        Call("emulator.create_secret"),
        ref="Out.ARN",
        name="Name",
        attributes={"Id": "Ref"},
        update=Call("update_secret", {"SecretId": "Ref"}),
        delete=Call("delete_secret", {"SecretId": "Ref", "ForceDeleteWithoutRecovery": "`true`"}),
        listed=Call("list_secrets", result="SecretList[].Name"),
    ),
    "AWS::SecretsManager::SecretTargetAttachment": ResourceType(
        "secretsmanager", Call("emulator.attach_secret"), ref="P.SecretId", attributes={"Id": "Ref"}
    ),
    "AWS::SecretsManager::ResourcePolicy": ResourceType(
        "secretsmanager",
        Call("put_resource_policy"),
        ref="P.SecretId",
        update=Call("put_resource_policy"),
        delete=Call("delete_resource_policy", {"SecretId": "P.SecretId"}),
    ),
    "AWS::SecretsManager::RotationSchedule": ResourceType(
        "secretsmanager",
        Call("emulator.rotate_secret"),
        ref="P.SecretId",
        rename={"RotateImmediatelyOnUpdate": "RotateImmediately"},
        update=Call("rotate_secret"),
        delete=Call(
            "emulator.stop_rotation",
            {
                "SecretId": "P.SecretId",
                "RotationLambdaARN": "P.RotationLambdaARN",
                "HostedRotationLambda": "P.HostedRotationLambda",
            },
        ),
    ),
    "AWS::CertificateManager::Certificate": ResourceType(
        "acm",
        Call("emulator.request_certificate"),
        ref="Out.CertificateArn",
        delete=Call("delete_certificate", {"CertificateArn": "Ref"}),
        listed=Call("list_certificates", result="CertificateSummaryList[].CertificateArn"),
    ),
    "AWS::Cognito::UserPool": ResourceType(
        "cognito-idp",
        Call("create_user_pool"),
        ref="Out.UserPool.Id",
        name="UserPoolName",
        rename={"UserPoolName": "PoolName"},
        attributes={
            "Arn": "Out.UserPool.Arn",
            "ProviderURL": "join('', ['https://cognito-idp.', At.Region, '.amazonaws.com/', Ref])",
        },
        apart={
            "EnabledMfas": Call(
                "set_user_pool_mfa_config",
                {
                    "UserPoolId": "Ref",
                    "SoftwareTokenMfaConfiguration": "{Enabled: contains(Value, 'SOFTWARE_TOKEN_MFA')}",
                    "MfaConfiguration": "P.MfaConfiguration",
                },
            )
        },
        update=Call("update_user_pool", {"UserPoolId": "Ref"}),
        delete=Call("delete_user_pool", {"UserPoolId": "Ref"}),
        listed=Call("list_user_pools", {"MaxResults": "`60`"}, "UserPools[].Name"),
    ),
    "AWS::Cognito::UserPoolClient": ResourceType(
        "cognito-idp",
        Call("create_user_pool_client"),
        ref="Out.UserPoolClient.ClientId",
        attributes={"ClientId": "Ref", "ClientSecret": "Out.UserPoolClient.ClientSecret"},
        update=Call("update_user_pool_client", {"ClientId": "Ref"}),
        delete=Call("delete_user_pool_client", {"UserPoolId": "P.UserPoolId", "ClientId": "Ref"}),
    ),
    "AWS::Cognito::UserPoolDomain": ResourceType(
        "cognito-idp",
        Call("create_user_pool_domain"),
        ref="P.Domain",
        delete=Call("delete_user_pool_domain", {"UserPoolId": "P.UserPoolId", "Domain": "Ref"}),
    ),
    "AWS::Cognito::UserPoolGroup": ResourceType(
        "cognito-idp",
        Call("create_group"),
        ref="P.GroupName",
        update=Call("update_group"),
        delete=Call("delete_group", {"UserPoolId": "P.UserPoolId", "GroupName": "Ref"}),
    ),
    "AWS::Cognito::ManagedLoginBranding": kept("P.ClientId", {}),
    "AWS::Cognito::UserPoolRiskConfigurationAttachment": kept("P.UserPoolId", {}),
    "AWS::SSM::Parameter": ResourceType(
        "ssm",
        Call("put_parameter"),
        ref="P.Name",
        name="Name",
        attributes={"Value": "P.Value"},
        update=Call("put_parameter", {"Overwrite": "`true`"}),
        delete=Call("delete_parameter", {"Name": "Ref"}),
        # Public ones belong to AWS; moto lists those that were requested.
        listed=Call("describe_parameters", result="Parameters[].Name | [?!starts_with(@, '/aws/service/')]"),
    ),
}
