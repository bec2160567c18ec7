"""CodeDeploy for ECS. Deployments make progress whenever they are read. (moto's never end.)

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html
"""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.codedeploy import urls
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import utcnow
from moto.ecs.models import ecs_backends

from . import ecs
from .traffic import Refused, primary, service_named, shift, target_group

_RUNNING = ("Created", "Queued", "InProgress", "Baking", "Ready")
# The number of reads that find a deployment in progress before the traffic has shifted.
_SEEN_IN_PROGRESS = 2


@dataclass
class Region:
    """The state of CodeDeploy in one region."""

    applications: dict[str, Any] = field(default_factory=dict)
    configs: dict[str, Any] = field(default_factory=dict)
    groups: dict[tuple[str, str], Any] = field(default_factory=dict)
    deployments: dict[str, Any] = field(default_factory=dict)


_regions: dict[str, Region] = {}


def deployment_parameters(region: str, deployment_id: str) -> dict[str, Any]:
    """The properties of a deployment; empty if it does not exist."""
    found = _regions.get(region, Region()).deployments.get(deployment_id)
    return dict(found["info"]) if found else {}


def group_parameters(region: str, application: str, name: str) -> dict[str, Any]:
    """The properties of a deployment group; empty if it does not exist."""
    return dict(_regions.get(region, Region()).groups.get((application, name), {}))


def install() -> None:
    """Replaces moto's CodeDeploy."""
    urls.url_paths = {"{0}/$": CodeDeploy.dispatch}


class CodeDeploy(BaseResponse):
    """The API."""

    def __init__(self) -> None:
        super().__init__(service_name="codedeploy")
        self.automated_parameter_parsing = True

    @property
    def here(self) -> Region:
        """The state of the region of the request."""
        return _regions.setdefault(self.region, Region())

    def create_application(self) -> ActionResult:
        """CreateApplication."""
        given = self._get_params()
        self.here.applications[given["applicationName"]] = {**given, "applicationId": str(uuid.uuid4())}
        return ActionResult({"applicationId": self.here.applications[given["applicationName"]]["applicationId"]})

    def get_application(self) -> ActionResult:
        """GetApplication."""
        return ActionResult({"application": self._application(self._get_param("applicationName"))})

    def list_applications(self) -> ActionResult:
        """ListApplications."""
        return ActionResult({"applications": list(self.here.applications)})

    def delete_application(self) -> ActionResult:
        """DeleteApplication."""
        self.here.applications.pop(self._get_param("applicationName"), None)
        return EmptyResult()

    def create_deployment_config(self) -> ActionResult:
        """CreateDeploymentConfig."""
        given = self._get_params()
        self.here.configs[given["deploymentConfigName"]] = given
        return ActionResult({"deploymentConfigId": str(uuid.uuid4())})

    def get_deployment_config(self) -> ActionResult:
        """GetDeploymentConfig."""
        return ActionResult({"deploymentConfigInfo": self.here.configs[self._get_param("deploymentConfigName")]})

    def list_deployment_configs(self) -> ActionResult:
        """ListDeploymentConfigs, without CodeDeploy's own."""
        return ActionResult({"deploymentConfigsList": list(self.here.configs)})

    def delete_deployment_config(self) -> ActionResult:
        """DeleteDeploymentConfig."""
        name = self._get_param("deploymentConfigName")
        if any(group["deploymentConfigName"] == name for group in self.here.groups.values()):
            raise Refused("DeploymentConfigInUseException", f"{name} is in use.")
        self.here.configs.pop(name, None)
        return EmptyResult()

    def create_deployment_group(self) -> ActionResult:
        """CreateDeploymentGroup."""
        given = self._get_params()
        self._application(given["applicationName"])
        for wanted in given["ecsServices"]:
            service_named(self.current_account, self.region, wanted)
        group = {**given, "deploymentGroupId": str(uuid.uuid4()), "computePlatform": "ECS"}
        self.here.groups[given["applicationName"], given["deploymentGroupName"]] = group
        return ActionResult({"deploymentGroupId": group["deploymentGroupId"]})

    def update_deployment_group(self) -> ActionResult:
        """UpdateDeploymentGroup."""
        given = self._get_params()
        group = self._group(given["applicationName"], given.pop("currentDeploymentGroupName"))
        group.update(given)
        return ActionResult({})

    def get_deployment_group(self) -> ActionResult:
        """GetDeploymentGroup."""
        group = self._group(self._get_param("applicationName"), self._get_param("deploymentGroupName"))
        return ActionResult({"deploymentGroupInfo": group})

    def list_deployment_groups(self) -> ActionResult:
        """ListDeploymentGroups."""
        wanted = self._get_param("applicationName")
        names = [name for application, name in self.here.groups if application == wanted]
        return ActionResult({"applicationName": wanted, "deploymentGroups": names})

    def delete_deployment_group(self) -> ActionResult:
        """DeleteDeploymentGroup."""
        self.here.groups.pop((self._get_param("applicationName"), self._get_param("deploymentGroupName")), None)
        return ActionResult({})

    def create_deployment(self) -> ActionResult:
        """CreateDeployment."""
        given = self._get_params()
        group = self._group(given["applicationName"], given["deploymentGroupName"])
        running = self._deployments(given["applicationName"], given["deploymentGroupName"], _RUNNING)
        if running:
            raise Refused("DeploymentLimitExceededException", f"Deployment {running[0]} is in progress.")
        content = json.loads(given["revision"]["appSpecContent"]["content"])
        target = content["Resources"][0]["TargetService"]["Properties"]
        service = service_named(self.current_account, self.region, group["ecsServices"][0])
        blue = primary(service)
        pair = group["loadBalancerInfo"]["targetGroupPairInfoList"][0]
        arns = [target_group(service, each["name"]).arn for each in pair["targetGroups"]]
        [green_arn] = [arn for arn in arns if arn != blue.load_balancers[0]["targetGroupArn"]]
        container = target["LoadBalancerInfo"]
        balancer = {
            "targetGroupArn": green_arn,
            "containerName": container["ContainerName"],
            "containerPort": int(container["ContainerPort"]),
        }
        definition = ecs_backends[self.current_account][self.region].describe_task_definition(target["TaskDefinition"])
        if all(each["name"] != balancer["containerName"] for each in definition.container_definitions):
            raise Refused("InvalidLoadBalancerInfoException", f"{definition.arn} has no {balancer['containerName']}.")
        green = ecs.add_task_set(service, definition.arn, [balancer])
        ecs.fill(service, green, service.desired_count)
        deployment = {
            **given,
            "deploymentId": f"d-{uuid.uuid4().hex[:9].upper()}",
            "status": "InProgress",
            "createTime": utcnow(),
            "computePlatform": "ECS",
        }
        state = {"info": deployment, "seen": 0, "green": green, "group": group}
        self.here.deployments[deployment["deploymentId"]] = state
        return ActionResult({"deploymentId": deployment["deploymentId"]})

    def get_deployment(self) -> ActionResult:
        """GetDeployment. Each read makes the deployment progress."""
        deployment = self.here.deployments[self._get_param("deploymentId")]
        if deployment["info"]["status"] == "InProgress":
            deployment["seen"] += 1
            self._get_on(deployment)
        return ActionResult({"deploymentInfo": deployment["info"]})

    def list_deployments(self) -> ActionResult:
        """ListDeployments."""
        statuses = self._get_param("includeOnlyStatuses")
        found = self._deployments(self._get_param("applicationName"), self._get_param("deploymentGroupName"), statuses)
        return ActionResult({"deployments": found})

    def stop_deployment(self) -> ActionResult:
        """StopDeployment."""
        deployment = self.here.deployments[self._get_param("deploymentId")]
        if deployment["info"]["status"] not in _RUNNING:
            raise Refused("DeploymentAlreadyCompletedException", "The deployment has ended.")
        self._turn_back(deployment, "Stopped", "MANUAL_STOP", "The deployment was stopped.")
        return ActionResult({"status": "Succeeded"})

    def _get_on(self, deployment: dict[str, Any]) -> None:
        group = deployment["group"]
        alarms = cloudwatch_backends[self.current_account][self.region].alarms
        firing = [
            each["name"]
            for each in group.get("alarmConfiguration", {}).get("alarms", [])
            if alarms[each["name"]].state_value == "ALARM"
        ]
        if firing:
            self._turn_back(deployment, "Stopped", "ALARM_ACTIVE", f"Alarms fire: {', '.join(firing)}")
        elif deployment["seen"] > _SEEN_IN_PROGRESS:
            service = service_named(self.current_account, self.region, group["ecsServices"][0])
            shift(service, deployment["green"], group["loadBalancerInfo"]["targetGroupPairInfoList"][0])
            deployment["info"]["status"] = "Succeeded"

    def _turn_back(self, deployment: dict[str, Any], status: str, code: str, message: str) -> None:
        service = service_named(self.current_account, self.region, deployment["group"]["ecsServices"][0])
        ecs.fill(service, deployment["green"], 0)
        service.task_sets.remove(deployment["green"])
        deployment["info"].update(status=status, errorInformation={"code": code, "message": message})

    def _application(self, name: str) -> Any:
        if name not in self.here.applications:
            raise Refused("ApplicationDoesNotExistException", f"There is no application {name}.")
        return self.here.applications[name]

    def _group(self, application: str, name: str) -> Any:
        if (application, name) not in self.here.groups:
            raise Refused("DeploymentGroupDoesNotExistException", f"{application} has no deployment group {name}.")
        return self.here.groups[application, name]

    def _deployments(self, application: str, group: str, statuses: Any) -> list[str]:
        return [
            name
            for name, each in self.here.deployments.items()
            if each["info"]["applicationName"] == application and each["info"]["deploymentGroupName"] == group
            if not statuses or each["info"]["status"] in statuses
        ]
