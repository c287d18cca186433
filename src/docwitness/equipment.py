"""What a run works with: runners and a target, found by name and set up as the configuration says."""

from __future__ import annotations

from collections.abc import Iterable

from docwitness import plugins
from docwitness.errors import UsageError
from docwitness.plugins import Group
from docwitness.runners.base import Runner
from docwitness.sample import Language
from docwitness.settings import Configuration, ContainerSettings, ProcessSettings, RunnerSettings, UrlSettings
from docwitness.spelling import suggestion
from docwitness.targets.base import Target

EMBEDDED = "embedded"


def runners_for(configuration: Configuration, languages: Iterable[str]) -> dict[str, Runner]:
    """A runner for each language. Raises `UsageError` for a language that no installed runner has."""
    return {language: _runner(configuration.runners, language) for language in sorted(set(languages))}


def _runner(settings: RunnerSettings, name: str) -> Runner:
    make = plugins.load(Group.RUNNERS, name)
    match name:
        case Language.SHELL:
            runner: Runner = make()
        case Language.PYTHON:
            runner = make(settings.python)
        case Language.NODE:
            runner = make(settings.node)
        case Language.TELEGRAF:
            runner = make(settings.telegraf)
        case _:
            runner = make(settings.others.get(name, {}))
    return runner


def target_for(configuration: Configuration, wanted: str | None, profile: str | None) -> Target:
    """The target that is asked for: by name, by URL, or (None) the one of the configuration. Nothing is started yet.

    `embedded:PROFILE` is the embedded server with that profile.

    Raises `UsageError` for an unknown name, and for a profile where the target is not the embedded server.
    """
    name = configuration.target if wanted is None else wanted
    if profile is None and name.startswith(f"{EMBEDDED}:"):
        name, _, profile = name.partition(":")
    if name == EMBEDDED:
        return _target(EMBEDDED, **({} if profile is None else {"profile": profile}))
    if profile is not None:
        raise UsageError(f"--profile is for the embedded server; {name!r} follows its own rules")
    settings = configuration.targets.get(name)
    if settings is None and name.startswith(("http://", "https://")):
        settings = UrlSettings(url=name if name.endswith("://") else name.rstrip("/"))
    match settings:
        case UrlSettings():
            return _target("url", settings)
        case ContainerSettings():
            return _target("container", settings)
        case ProcessSettings():
            return _target("process", settings)
    known = sorted({EMBEDDED, *configuration.targets, *plugins.installed(Group.TARGETS)} - {"url", "process"})
    if name not in known:
        raise UsageError(f"no target named {name!r}{suggestion(name, known)}; known: {', '.join(known)}, or a URL")
    return _target(name)


def _target(name: str, *settings: object, **options: object) -> Target:
    target: Target = plugins.load(Group.TARGETS, name)(*settings, **options)
    return target
