"""What a cluster is told: the manifests, the Dockerfile and the values are right, and what is wrong is found."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from firstepoch.lessons.command import parser
from firstepoch.lessons.paths import lessons

CLUSTER = Path(__file__).parents[2] / "lessons" / "cluster"
DOCKERFILE = (CLUSTER / "Dockerfile").read_text()
MANIFESTS = {path.stem: path for path in (CLUSTER / "kubernetes").glob("*.yaml") if path.stem != "kustomization"}
VERSION = "1.32"
"""Of Kubernetes; what it knows is in all later versions, too."""
HADOLINT = Path(sys.executable).with_name("hadolint")
linted = pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint is installed on Linux only")


def manifest(name):
    return yaml.safe_load(MANIFESTS[name].read_text())


def refused(made):
    """Whether the schema of Kubernetes has something against a resource."""
    import kubernetes_validate

    try:
        kubernetes_validate.validate(made, VERSION, strict=True)
    except kubernetes_validate.ValidationError:
        return True
    return False


def pod():
    return manifest("deployment")["spec"]["template"]["spec"]


def container():
    return pod()["containers"][0]


@pytest.mark.parametrize("name", sorted(MANIFESTS))
def test_a_manifest_has_the_fields_that_kubernetes_knows(name):
    assert not refused(manifest(name))
    assert refused({**manifest(name), "speck": {}})


@pytest.mark.parametrize(
    ("name", "path", "wrong"),
    [
        ("deployment", "spec.template.spec.containers.0.securityContext", {"readOnlyRootFileSystem": True}),
        ("deployment", "spec.template.spec.containers.0.readinessProbe.httpGet", {"path": "/health"}),
        ("deployment", "spec.template.spec.containers.0.args", "--seats 20"),
        ("service", "spec.ports.0.port", "http"),
        ("ingress", "spec.rules.0.http.paths.0.pathType", None),
        ("autoscaler", "spec.scaleTargetRef", {"kind": "Deployment"}),
        ("network", "spec.egress", {}),
    ],
)
def test_a_mistake_in_a_manifest_is_found(name, path, wrong):
    made = manifest(name)
    *way, last = path.split(".")
    place = made
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    assert last in place
    place[last] = wrong
    assert refused(made)


def test_the_resources_belong_together():
    whole = yaml.safe_load((CLUSTER / "kubernetes" / "kustomization.yaml").read_text())
    assert sorted(whole["resources"]) == sorted(path.name for path in MANIFESTS.values())
    assert [image["name"] for image in whole["images"]] == [container()["image"]]
    assert manifest("namespace")["metadata"]["name"] == whole["namespace"]

    labels = manifest("deployment")["spec"]["template"]["metadata"]["labels"].items()
    assert manifest("deployment")["spec"]["selector"]["matchLabels"].items() <= labels
    assert manifest("service")["spec"]["selector"].items() <= labels
    assert manifest("disruption")["spec"]["selector"]["matchLabels"].items() <= labels
    assert manifest("network")["spec"]["podSelector"]["matchLabels"].items() <= labels
    assert manifest("autoscaler")["spec"]["scaleTargetRef"]["name"] == manifest("deployment")["metadata"]["name"]

    [port] = container()["ports"]
    asked = [container()[f"{kind}Probe"]["httpGet"]["port"] for kind in ("startup", "liveness", "readiness")]
    assert {*asked, manifest("service")["spec"]["ports"][0]["targetPort"]} == {port["name"]}
    assert manifest("network")["spec"]["ingress"][0]["ports"][0]["port"] == port["name"]
    annotations = manifest("deployment")["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(port["containerPort"])
    [rule] = manifest("ingress")["spec"]["rules"]
    target = rule["http"]["paths"][0]["backend"]["service"]
    assert target == {"name": manifest("service")["metadata"]["name"], "port": {"name": "http"}}
    assert manifest("ingress")["spec"]["tls"][0]["hosts"] == [rule["host"]]


def test_the_container_starts_a_server_for_the_name_of_the_ingress():
    entrypoint = re.findall(r"ENTRYPOINT (\[.*\])", DOCKERFILE)[-1]
    program, *arguments = yaml.safe_load(entrypoint)
    served = parser().parse_args([*arguments, *container()["args"]])
    assert (program, served.host, served.no_browser) == ("firstepoch", "0.0.0.0", True)
    assert served.port == container()["ports"][0]["containerPort"]
    assert served.name == [manifest("ingress")["spec"]["rules"][0]["host"]]
    assert served.seats and served.memory


def test_the_container_may_do_nothing_but_serve():
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod()["automountServiceAccountToken"] is False
    assert container()["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert re.findall(r"USER (\S+)", DOCKERFILE)[-1] == "{runAsUser}:{runAsGroup}".format(**pod()["securityContext"])
    home = next(one["value"] for one in container()["env"] if one["name"] == "HOME")
    assert home in [mount["mountPath"] for mount in container()["volumeMounts"]]


def complaints(dockerfile):
    """The rules that a Dockerfile breaks, by their codes."""
    found = subprocess.run([HADOLINT, "--no-color", "-"], input=dockerfile, text=True, capture_output=True, timeout=60)
    assert not found.stderr
    return re.findall(r"\b(?:DL|SC)\d{4}\b", found.stdout)


@linted
def test_the_dockerfile_follows_the_rules():
    assert complaints(DOCKERFILE) == []


@linted
@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("FROM python:3.11-slim-bookworm AS wheel", "FROM python:latest AS wheel", "DL3007"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ("WORKDIR /source", "WORKDIR source", "DL3000"),
        ("jupyterhub==${JUPYTERHUB}", "jupyterhub", "DL3013"),
        ('ENTRYPOINT ["firstepoch", "serve", "--no-browser",', "ENTRYPOINT firstepoch serve #", "DL3025"),
    ],
)
def test_a_mistake_in_the_dockerfile_is_found(right, wrong, rule):
    assert right in DOCKERFILE
    assert rule in complaints(DOCKERFILE.replace(right, wrong))


def test_the_values_copy_the_lessons_and_leave_what_is_the_students(tmp_path):
    values = yaml.safe_load((CLUSTER / "zero_to_jupyterhub.yaml").read_text())
    program, option, script = values["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"]
    home = tmp_path / "home"
    command = [program, option, script.replace("/home/jovyan", str(home))]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
    assert len(list((home / "lessons").iterdir())) == len(lessons())
    (home / "lessons" / "index.ipynb").write_text("changed")
    subprocess.run(command, env=environment, check=True, timeout=60)
    assert (home / "lessons" / "index.ipynb").read_text() == "changed"
    assert values["singleuser"]["defaultUrl"] == "/lab/tree/lessons/index.ipynb"


def test_what_the_page_tells_to_run_is_there():
    page = (CLUSTER / "README.md").read_text()
    commands = [line for block in re.findall(r"```sh\n(.*?)```", page, re.S) for line in block.splitlines()]
    assert len(commands) > 12
    for line in commands:
        words = [word for word in shlex.split(line) if "=" not in word or word.startswith("-")]
        if words[0] == "firstepoch":
            parser().parse_args(words[1:])
        for path in [word for word in words if word.startswith("lessons/")]:
            assert (CLUSTER.parents[1] / path).exists(), path
    for link in re.findall(r"\]\((?!#)([^)]*)\)", page):
        assert (CLUSTER / link).exists(), link
    for target in re.findall(r"--target (\w+)", page):
        assert f" AS {target}\n" in DOCKERFILE
    [version] = re.findall(r"chart: ([\d.]+)\s", page)
    assert f"ARG JUPYTERHUB={version}\n" in DOCKERFILE
    assert f"schemas of Kubernetes {VERSION} " in " ".join(page.split())
