"""Credentials of roles, as functions and state machines receive them. The key identifies the caller."""

from dataclasses import dataclass
from typing import Any

from moto.sts.models import sts_backends

from ..stack import ACCOUNT_ID

_HOUR = 3600


@dataclass(frozen=True)
class Place:
    """The network of a function in a VPC: its calls leave through its subnets."""

    region: str
    subnet_ids: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """A session of an assumed role."""

    role_arn: str
    name: str
    place: Place | None = None
    # The function whose code makes the call. Lambda's own calls for a function have none.
    source_function_arn: str | None = None

    @property
    def role_name(self) -> str:
        """The name of the role, without its path."""
        return self.role_arn.split("/")[-1]

    @property
    def arn(self) -> str:
        """The principal of the calls."""
        return f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{self.role_name}/{self.name}"


_sessions: dict[str, Session] = {}


def credentials(session: Session, region: str) -> Any:
    """New temporary credentials: `access_key_id`, `secret_access_key`, `session_token`."""
    made = sts_backends[ACCOUNT_ID]["aws"].assume_role(
        region_name=region,
        role_session_name=session.name,
        role_arn=session.role_arn,
        policy="",
        duration=_HOUR,
        external_id="",
    )
    _sessions[made.access_key_id] = session
    return made


def session_of(access_key_id: str | None) -> Session | None:
    """The session of a key; None for any other caller, such as the CDK CLI."""
    return _sessions.get(access_key_id or "")
