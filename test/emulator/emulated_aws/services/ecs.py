"""ECS: a service under CodeDeploy has task sets with tasks as targets. A standalone task ends."""

from typing import Any

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.ecs.models import EC2ContainerServiceBackend, TaskSet
from moto.elbv2.models import elbv2_backends

# The number of reads that find a standalone task running before it ends.
_SEEN_RUNNING = 1


def install() -> None:
    """Patches moto's ECS."""
    backend: Any = EC2ContainerServiceBackend
    create_service, update_service = backend.create_service, backend.update_service
    delete_service, describe_tasks = backend.delete_service, backend.describe_tasks
    delete_cluster = backend.delete_cluster

    def create(self: Any, *arguments: Any, **named: Any) -> Any:
        service = create_service(self, *arguments, **named)
        if service.deployment_controller["type"] == "CODE_DEPLOY":
            first = add_task_set(service, service.task_definition, service.load_balancers)
            first.status = "PRIMARY"
            scale(service, service.desired_count)
        return service

    def update(self: Any, properties: dict[str, Any]) -> Any:
        service = update_service(self, properties)
        scale(service, service.desired_count)
        return service

    def delete(self: Any, cluster_name: str, service_name: str, force: bool) -> Any:
        service = delete_service(self, cluster_name, service_name, force)
        del self.services[f"{service.cluster_name}:{service.name}"]
        return service

    def delete_with_name(self: Any, cluster: str) -> Any:
        # ECS does not list inactive services, but moto does.
        deleted = delete_cluster(self, cluster)
        if any(name.startswith(f"{deleted.name}:") for name in self.services):
            raise ClusterContainsServices()
        # A task that is no longer read has ended by itself.
        for task in self.tasks.get(deleted.name, {}).values():
            _detach(task)
        del self.clusters[deleted.name]
        return deleted

    def describe(self: Any, cluster: str, tasks: list[str]) -> Any:
        found = describe_tasks(self, cluster, tasks)
        for task in found:
            task.seen = getattr(task, "seen", 0) + 1
            task.last_status = "RUNNING" if task.seen <= _SEEN_RUNNING else "STOPPED"
            if task.seen == _SEEN_RUNNING + 1:
                task.stopped_reason = "Essential container in task exited"
                _detach(task)
        return found

    # moto sums the CPU and memory of containers and fails if only the task has them, as on Fargate.
    backend._calculate_task_resource_requirements = staticmethod(lambda _: {"CPU": 0, "MEMORY": 0})
    backend.create_service, backend.update_service = create, update
    backend.delete_service, backend.describe_tasks = delete, describe
    backend.delete_cluster = delete_with_name


class ClusterContainsServices(ServiceException):
    """A cluster is deleted after its services."""

    code = "ClusterContainsServicesException"
    message = "The Cluster cannot be deleted while Services are active."


def add_task_set(service: Any, task_definition: str, load_balancers: list[dict[str, Any]]) -> Any:
    """A task set without tasks."""
    task_set: Any = TaskSet(
        service.name,
        service.cluster_name,
        task_definition,
        service._account_id,
        service.region_name,
        load_balancers=load_balancers,
        launch_type="FARGATE",
    )
    task_set.service_arn, task_set.cluster_arn = service.arn, service.cluster_arn
    task_set.running_count = 0
    service.task_sets.append(task_set)
    return task_set


def scale(service: Any, count: int) -> None:
    """Sets the number of tasks of every task set of the service."""
    service.running_count, service.pending_count = count, 0
    for task_set in service.task_sets:
        fill(service, task_set, count)


def fill(service: Any, task_set: Any, count: int) -> None:
    """Starts or stops tasks of a task set, and registers them with the load balancer."""
    index = service.task_sets.index(task_set) + 1
    balancing = elbv2_backends[service._account_id][service.region_name]
    for balancer in task_set.load_balancers:
        group = balancer["targetGroupArn"]
        targets = [{"Id": f"10.0.{index}.{number + 10}", "Port": balancer["containerPort"]} for number in range(count)]
        # Targets that were not registered by ECS would stay, but there are none.
        balancing.target_groups[group].targets.clear()
        balancing.register_targets(group, targets)
    task_set.running_count = task_set.computed_desired_count = count
    task_set.pending_count = 0


def _detach(task: Any) -> None:
    """Deletes the network interfaces of the task once."""
    network = ec2_backends[task._account_id][task.region_name]
    attachments, task.attachments = task.attachments, []
    for attachment in attachments:
        for detail in attachment["details"]:
            if detail["name"] == "networkInterfaceId":
                network.delete_network_interface(detail["value"])
