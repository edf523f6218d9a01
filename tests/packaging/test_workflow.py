"""The workflow that makes the installers elsewhere: it cannot run here, but each of its steps can."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from bundling.macos import keychain, notarizing, signing
from bundling.product import FLAVOURS
from bundling.windows import signing as windows_signing
from devtools import commands
from devtools.environment import Environment

FILE = Path(__file__).parents[2] / ".github" / "workflows" / "installers.yml"
DEV = "python packaging/dev.py "


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def test_every_action_is_pinned_to_a_commit_and_says_which_version_that_is(workflow: dict[str, Any]) -> None:
    used = re.findall(r"uses: (.*)", FILE.read_text(encoding="utf-8"))
    assert len(used) == sum("uses" in step for step in steps(workflow))
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in used)


def test_every_command_is_one_of_dev_py(workflow: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    carried_out: set[tuple[str, ...]] = set()

    def recorder(name: str) -> Callable[[Environment, Sequence[str]], int]:
        def carry_out(_: Environment, arguments: Sequence[str]) -> int:
            carried_out.add((name, *arguments))
            return 0

        return carry_out

    monkeypatch.setattr(commands, "_COMMANDS", {name: recorder(name) for name in commands._COMMANDS})
    for step in steps(workflow):
        if "run" in step:
            command = step["run"].removeprefix(DEV)
            assert command != step["run"]
            for flavour in FLAVOURS:
                assert commands.dispatch(command.replace("${{ matrix.flavour }}", flavour).split()) == 0
    assert carried_out == {("test",), ("bundle", "light"), ("bundle", "full")}


def test_installers_are_made_only_of_what_was_tested(workflow: dict[str, Any]) -> None:
    test, bundle = workflow["jobs"]["test"], workflow["jobs"]["bundle"]
    assert bundle["needs"] == "test"
    assert bundle["strategy"]["matrix"]["runner"] == test["strategy"]["matrix"]["runner"]
    systems = {runner.partition("-")[0] for runner in test["strategy"]["matrix"]["runner"]}
    assert systems == {"ubuntu", "windows", "macos"}
    assert not any(runner.endswith("latest") for runner in test["strategy"]["matrix"]["runner"])


def test_a_flavour_of_the_workflow_is_one_of_the_product(workflow: dict[str, Any]) -> None:
    listed = workflow["jobs"]["bundle"]["strategy"]["matrix"]["flavour"]
    assert [*re.findall(r'"(\w+)"', listed)] == ["light", *FLAVOURS]


def test_it_may_only_read_and_ends_in_time(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert all(0 < job["timeout-minutes"] <= 120 for job in workflow["jobs"].values())
    assert not any("permissions" in job for job in workflow["jobs"].values())
    assert workflow["concurrency"]["group"]
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout")]
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_secrets_reach_what_signs_a_release_and_nothing_else(workflow: dict[str, Any]) -> None:
    (signing_step,) = [step for step in steps(workflow) if "secrets." in str(step)]
    assert signing_step["run"].startswith(f"{DEV}bundle")
    assert "secrets." not in str(
        {**workflow, "jobs": {name: {**job, "steps": []} for name, job in workflow["jobs"].items()}}
    )
    names = {windows_signing.COMMAND, signing.IDENTITY, keychain.CERTIFICATE, keychain.PASSWORD}
    names |= {*notarizing.ACCOUNT.values()}
    given = {name: value for name, value in signing_step["env"].items() if "secrets." in value}
    only = "${{{{ startsWith(github.ref, 'refs/tags/') && secrets.{} || '' }}}}"
    assert given == {name: only.format(name) for name in names}


def test_what_was_made_is_kept(workflow: dict[str, Any]) -> None:
    (upload,) = (step for step in steps(workflow) if step.get("uses", "").startswith("actions/upload-artifact"))
    assert upload["with"]["path"] == "dist/*"
    assert upload["with"]["if-no-files-found"] == "error"
    assert all(part in upload["with"]["name"] for part in ("matrix.runner", "matrix.flavour"))
