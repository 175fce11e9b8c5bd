"""Writes the tables of the Terraform module's README out of the module, and checks what `tofu validate` does not.

Usage: module_docs.py MODULE_FOLDER [--check]
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


def row(name, body):
    description = argument(body, "description").strip('"').replace("|", "\\|")
    default = argument(body, "default")
    return f"| `{name}` | `{argument(body, 'type')}` | `{default}` | {description} |"


def beside_upstream(module):
    """Upstream's variables and what this module makes of each; one that is missing says so, and fails the check."""
    ours = dict(blocks(module / "variables_upstream.tf", "variable"))
    for name, kind, default in UPSTREAM:
        body = ours.get(name)
        if body is None:
            yield f"| `{name}` | `{kind}` | `{default}` | missing | |"
            continue
        same = (argument(body, "type"), argument(body, "default")) == (kind, default)
        here = "the same" if same else f"`{argument(body, 'type')}`, `{argument(body, 'default')}`"
        yield f"| `{name}` | `{kind}` | `{default}` | {here} | {argument(body, 'description').strip(chr(34))} |"


def tables(module):
    head = "| upstream's variable | type | default | here | meaning |\n| --- | --- | --- | --- | --- |"
    yield "upstream", "\n".join([head, *beside_upstream(module)])
    head = "| name | type | default | meaning |\n| --- | --- | --- | --- |"
    for title, name in (
        ("function", "variables.tf"),
        ("settings", "variables_settings.tf"),
    ):
        yield title, "\n".join([head, *(row(*variable) for variable in blocks(module / name, "variable"))])
    outputs = [f"| `{name}` | {argument(body, 'description').strip(chr(34))} |" for name, body in blocks(module / "outputs.tf", "output")]
    yield "outputs", "\n".join(["| name | meaning |\n| --- | --- |", *outputs])
    examples = [
        f"| [`{path.parent.name}`](examples/{path.parent.name}) | {path.read_text().splitlines()[0].removeprefix('# ')} |"
        for path in sorted(module.glob("examples/*/main.tf"))
    ]
    yield "examples", "\n".join(["| example | what |\n| --- | --- |", *examples])


def filled(text, module):
    for title, table in tables(module):
        text, count = re.subn(
            rf"(<!-- {title} -->\n).*?(<!-- end -->)",
            lambda found, table=table: found.group(1) + table + "\n" + found.group(2),
            text,
            flags=re.DOTALL,
        )
        if count != 1:
            sys.exit(f"README.md has no place for the table of {title}")
    return text


def problems(module):
    sources = {path: path.read_text() for path in module.glob("*.tf")}
    used = {name for text in sources.values() for name in re.findall(r"\bvar\.(\w+)", re.sub(r"(?ms)^variable .*?^\}$", "", text))}
    for path in sorted(module.glob("variables*.tf")):
        for name, body in blocks(path, "variable"):
            if name not in used:
                yield f"{path.name}: {name} is used nowhere"
            for needed in ("description", "type", "default"):
                if argument(body, needed) is None:
                    yield f"{path.name}: {name} has no {needed}"
    yield from (f"upstream's variable is not the same here: {row}" for row in beside_upstream(module) if "| the same |" not in row)
    local = {name for text in sources.values() for block in re.findall(r"(?ms)^locals \{$(.*?)^\}$", text) for name in re.findall(r"(?m)^  (\w+) +=", block)}
    read = {name for text in sources.values() for name in re.findall(r"\blocal\.(\w+)", text)}
    yield from (f"local.{name} is used nowhere" for name in sorted(local - read))


def main(folder, check=None):
    module = Path(folder)
    readme = module / "README.md"
    found = list(problems(module))
    text = filled(readme.read_text(), module)
    if check is None:
        readme.write_text(text)
    elif text != readme.read_text():
        found.append("README.md is not what the module says; deploy/checks/module_docs.py deploy/terraform writes it")
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
