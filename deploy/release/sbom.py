"""Writes what a program is made of, as CycloneDX 1.6: the crates that are linked into it, by `cargo tree`, with licences
and the checksums of Cargo.lock.

Usage: sbom.py PACKAGE x86_64|arm64 FILE
"""

import json
import re
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIPLES = {"x86_64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}
# Depth, name, version, where it is from unless that is the registry; licence; "(*)" if its own crates were shown before.
LINE = re.compile(r"(\d+)(\S+) v(\S+)(?: \(.*\))?\t(.*?)( \(\*\))?")


def tree(package, architecture):
    """Returns the licence of each crate, and the crates that it is linked with, by name and version."""
    command = ["cargo", "tree", "--locked", "--edges", "normal", "--prefix", "depth", "--format", "{p}\t{l}", "--package", package, "--target", TRIPLES[architecture]]
    licences, dependencies, path = {}, {}, []
    for line in subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines():
        found = LINE.fullmatch(line)
        if found is None:
            sys.exit(f"cargo tree printed a line of another form: {line}")
        depth, name, version, licence, _ = found.groups()
        crate = (name, version)
        licences[crate] = licence
        dependencies.setdefault(crate, set())
        del path[int(depth) :]
        if path:
            dependencies[path[-1]].add(crate)
        path.append(crate)
    return licences, dependencies


def reference(crate):
    return f"pkg:cargo/{crate[0]}@{crate[1]}"


def component(crate, licence, checksum, kind="library"):
    described = {"type": kind, "bom-ref": reference(crate), "name": crate[0], "version": crate[1], "purl": reference(crate)}
    if licence:
        # Older crates separate licences by a slash: "The license and license-file fields" in the Cargo book.
        described["licenses"] = [{"expression": re.sub(r" ?/ ?", " OR ", licence)}]
    if checksum:
        described["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return described


def bill(package, architecture):
    licences, dependencies = tree(package, architecture)
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    checksums = {(crate["name"], crate["version"]): crate.get("checksum") for crate in locked}
    [root] = [crate for crate in licences if crate[0] == package]
    components = [component(crate, licences[crate], checksums[crate]) for crate in sorted(licences) if crate != root]
    described = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": component(root, licences[root], None, "application"),
            "properties": [{"name": "cargo:target", "value": TRIPLES[architecture]}],
        },
        "components": components,
        "dependencies": [{"ref": reference(crate), "dependsOn": sorted(map(reference, dependencies[crate]))} for crate in sorted(dependencies)],
    }
    # Of the content, so that the same program has the same bill.
    described["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(described))}"
    return described


def main(package, architecture, target):
    described = bill(package, architecture)
    Path(target).write_text(json.dumps(described, indent=1) + "\n")
    print(f"{target}: {len(described['components'])} crates")


if __name__ == "__main__":
    main(*sys.argv[1:])
