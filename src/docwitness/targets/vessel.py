"""A vessel: one container that a run starts, looks after and removes. Everything here blocks, and runs in a thread."""

from __future__ import annotations

import io
import re
import secrets
import tarfile
import threading
from contextlib import ExitStack

import docker
from docker.errors import APIError
from docker.models.containers import Container
from docker.models.images import Image
from docker.types import Mount

from docwitness.containers import images
from docwitness.containers.confinement import confined
from docwitness.containers.engine import engine, failing_as, remove, sweep
from docwitness.containers.errors import ContainerError
from docwitness.containers.leases import lease
from docwitness.containers.networks import private_network
from docwitness.description import ImageDescription
from docwitness.settings import ContainerSettings

SECRETS = "/run/docwitness"
ADMIN_TOKEN = "admin-token"  # noqa: S105 - a file's name
_LOG_LINES = 20
_OUR_TOKENS = re.compile(r"\bdw_[\w-]{16,}")


class Vessel:
    """Nothing is left of it after `remove`, however far `launch` has come."""

    description: ImageDescription
    port: int
    """On 127.0.0.1."""
    network: str
    """It is in no other."""

    def __init__(self, settings: ContainerSettings) -> None:
        self.token = secrets.token_urlsafe(32)
        """For administration, or for writing where there is none."""
        self.stopping = threading.Event()
        """Ends `launch` soon."""
        self._settings = settings
        self._stack = ExitStack()
        self._container: Container | None = None

    def launch(self) -> None:
        """Starts it, and does not wait for the server in it.

        Raises `ContainerError`, and `docwitness.containers.images.StoppedError` once `stopping` is set.
        """
        with failing_as(f"the container engine does not start {self._settings.image}"):
            client = self._stack.enter_context(engine())
            sweep(client)
            image = images.provide(client, self._settings.image, build=self._settings.build, stopped=self.stopping.is_set)
            self.description = _described(image, self._settings.image)
            self.network = str(self._stack.enter_context(private_network(client)).name)
            self._container = self._created(client, image)
            self._start(self._container)
            self._container.reload()
            self.port = _published(self._container, self._settings.port)

    def death(self) -> str | None:
        """Why it does not run any more; None while it does. Raises `ContainerError` where the engine does not tell."""
        if self._container is None:
            return "it was not started"
        with failing_as("the container engine does not tell how the container is"):
            self._container.reload()
        state = self._container.attrs["State"]
        if state["Running"]:
            return None
        if state["OOMKilled"]:
            return f"it was killed for memory: the limit is {self._settings.memory_mb} MB (`memory-mb`)"
        return f"it ended with status {state['ExitCode']} {state.get('Error', '')}".rstrip()

    def log(self) -> str:
        """The last lines that it wrote, without tokens; each begins a new line. Raises `ContainerError`, as `death` does."""
        if self._container is None:
            return ""
        with failing_as("the container engine does not tell what the container wrote"):
            written = self._container.logs(tail=_LOG_LINES)
        text = written.decode(errors="replace").replace(self.token, "[token]")
        return "".join(f"\n  {line}" for line in _OUR_TOKENS.sub("[token]", text).splitlines())

    def remove(self) -> None:
        """Ends and removes it with its volumes, and lets go of the engine."""
        with self._stack:
            if self._container is not None:
                remove(self._container)

    def _created(self, client: docker.DockerClient, image: Image) -> Container:
        settings = self._settings
        user = settings.user or image.attrs["Config"].get("User") or ""
        mounts, variables = [], {}
        if settings.administration:
            mounts = [Mount(SECRETS, None, type="volume")]
            variables = {"DOCWITNESS_ADMIN_TOKEN_FILE": f"{SECRETS}/{ADMIN_TOKEN}"}
        container = client.containers.create(
            image,
            [self._filled(word) for word in settings.command],
            environment={name: self._filled(text) for name, text in settings.environment.items()} | variables,
            user=user,
            network_mode=self.network,
            ports={f"{settings.port}/tcp": ("127.0.0.1", settings.host_port)},
            mounts=mounts,
            tmpfs={folder: _memory(user, settings.memory_mb) for folder in settings.writable},
            # The run asks for itself, and a process every few seconds would cost its samples time.
            healthcheck={"test": ["NONE"]},
            labels=dict(self._stack.enter_context(lease())),
            **confined(settings.memory_mb),
        )
        if settings.administration:
            self._hand_over_token(container, user)
        return container

    def _hand_over_token(self, container: Container, user: str) -> None:
        """As a file in a volume that goes with the container: `docker inspect` shows an environment variable to everyone."""
        content = self.token.encode()
        member = tarfile.TarInfo(ADMIN_TOKEN)
        member.size, member.mode = len(content), 0o400
        member.uid, member.gid = _numbers(user)
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.addfile(member, io.BytesIO(content))
        container.put_archive(SECRETS, archive.getvalue())

    def _filled(self, text: str) -> str:
        return text.replace("{token}", self.token).replace("{database}", self._settings.database)

    def _start(self, container: Container) -> None:
        try:
            container.start()
        except APIError as error:
            if not any(words in str(error) for words in ("already allocated", "address already in use")):
                raise
            port = self._settings.host_port
            raise ContainerError(f"port {port} of this machine is taken: leave out `host-port` for any free one") from error


def _published(container: Container, port: int) -> int:
    """The port of this machine that leads to one of a container; one that has ended at once has none any more."""
    bindings = container.ports.get(f"{port}/tcp")
    return int(bindings[0]["HostPort"]) if bindings else 0


def _described(image: Image, name: str) -> ImageDescription:
    digest = next(iter(image.attrs.get("RepoDigests") or ()), "").rpartition("@")[2]
    return ImageDescription(name=name, id=str(image.id), digest=digest, labels=tuple(sorted(image.labels.items())))


def _numbers(user: str) -> tuple[int, int]:
    """User and group of `UID` or `UID:GID`; those of root for a name, which only the image itself can resolve."""
    uid, _, gid = user.partition(":")
    return (int(uid), int(gid or uid)) if uid.isdigit() and (gid or uid).isdigit() else (0, 0)


def _memory(user: str, limit_mb: int) -> str:
    """Options of a file system in memory that its user can write to."""
    uid, gid = _numbers(user)
    return f"uid={uid},gid={gid},mode=0700,size={limit_mb}m"
