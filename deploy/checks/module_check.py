"""Checks of the Terraform module that `tofu validate` does not make. Its README is written by `cargo xtask generate`.

Usage: module_check.py MODULE_FOLDER
"""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r'^(variable|output) "(\w+)" \{$(.*?)^\}$', re.MULTILINE | re.DOTALL)
# Name, type and default of every variable of upstream's module, at the commit that the module was made after: 43ed5f4.
UPSTREAM = [line.split("\t") for line in (Path(__file__).parent / "upstream_variables.tsv").read_text().splitlines()]


def argument(body, name):
    found = re.search(rf"^  {name} += (.*)$", body, re.MULTILINE)
    return found.group(1) if found else None


def blocks(path, kind):
    return [(name, body) for found, name, body in BLOCK.findall(path.read_text()) if found == kind]


# The defaults that are not upstream's: an address must be given, and lines are not stored twice.
EXCEPTIONS = {"write_address": None, "print_log_line": '"false"'}


def changed(module):
    """Upstream's variables that this module has not, or with another type or default than it should have."""
    ours = dict(blocks(module / "variables_upstream.tf", "variable"))
    for name, kind, default in UPSTREAM:
        body = ours.get(name)
        if body is None or (argument(body, "type"), argument(body, "default")) != (kind, EXCEPTIONS.get(name, default)):
            yield f"{name}, {kind}, {default}"


def problems(module):
    sources = {path: path.read_text() for path in module.glob("*.tf")}
    used = {name for text in sources.values() for name in re.findall(r"\bvar\.(\w+)", re.sub(r"(?ms)^variable .*?^\}$", "", text))}
    for path in sorted(module.glob("variables*.tf")):
        for name, body in blocks(path, "variable"):
            if name not in used:
                yield f"{path.name}: {name} is used nowhere"
            for needed in ("description", "type", "default"):
                if argument(body, needed) is None and (name, needed) != ("write_address", "default"):
                    yield f"{path.name}: {name} has no {needed}"
    yield from (f"upstream's variable is not the same here: {row}" for row in changed(module))
    local = {name for text in sources.values() for block in re.findall(r"(?ms)^locals \{$(.*?)^\}$", text) for name in re.findall(r"(?m)^  (\w+) +=", block)}
    read = {name for text in sources.values() for name in re.findall(r"\blocal\.(\w+)", text)}
    yield from (f"local.{name} is used nowhere" for name in sorted(local - read))


def main(folder):
    found = list(problems(Path(folder)))
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
