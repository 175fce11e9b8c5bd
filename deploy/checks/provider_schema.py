"""The schema of the AWS provider, as far as the Terraform module uses it, out of bindings that are made of it.

The provider itself is too large to build here. Its bindings for CDK Terrain say of every attribute and block what its
schema says: type, optional, required, computed, nested how. What they do not say is what the provider refuses beyond
its schema, such as conflicting arguments.

Usage: provider_schema.py WHEEL MODULE_FOLDER|STATE...   writes JSON, as of `tofu providers schema -json`, of the
resources in modules and state files.
"""

import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path

USED = re.compile(r'^(resource|data) "(aws_\w+)"', re.MULTILINE)
ATTRIBUTE = re.compile(
    r'^ +(\w+): \{\s+value: (.*?),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",$',
    re.MULTILINE | re.DOTALL,
)
FLAGS = re.compile(r"// (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n(.*?)(?=\n    // \w+ - computed|\Z)", re.DOTALL)
CLASS = re.compile(r"^(?:export )?class (\w+) extends (\S+) \{$(.*?)^\}$", re.MULTILINE | re.DOTALL)
FUNCTION = re.compile(r"^(?:export )?function (\w+)ToHclTerraform\(struct\) \{$(.*?)^\}$", re.MULTILINE | re.DOTALL)
STRUCT = re.compile(r"\b(?!string|number|boolean|any|list|hash)(\w+)ToHclTerraform\b")

PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
GETTERS = {"String": "string", "Number": "number", "Boolean": "bool", "List": ["list", "string"], "NumberList": ["list", "number"], "StringMap": ["map", "string"]}


def type_of(kind, storage):
    """The type of an attribute, as cty writes it."""
    if kind == "simple":
        return PRIMITIVES[storage]
    element = re.sub(r"(List|Map)$", "", storage)
    # Attributes that hold objects are not used by the module.
    return [kind, PRIMITIVES[element]] if element in PRIMITIVES else "dynamic"


def computed_type(body):
    getter = re.search(r"this\.get(\w+)Attribute\(", body)
    return GETTERS.get(getter.group(1), "dynamic") if getter else "dynamic"


def block_of(attributes, members, functions, classes):
    """One block: what can be configured, and what is only computed."""
    block = {"attributes": {}, "block_types": {}}
    flags = {found[0]: found[1:] for found in FLAGS.findall(members)}
    for name, value, is_block, kind, storage in ATTRIBUTE.findall(attributes):
        computed, optional, required, body = flags[name]
        if is_block == "true":
            struct = STRUCT.search(value).group(1)
            nested = block_of(functions[struct], classes[struct[0].upper() + struct[1:] + "OutputReference"], functions, classes)
            entry = {"nesting_mode": "single" if kind == "struct" else kind, "block": nested}
            if kind != "struct":
                entry["min_items"] = int(required == "true")
                entry["max_items"] = int("OutputReference(this" in body)
            block["block_types"][name] = entry
        else:
            block["attributes"][name] = {
                "type": type_of(kind, storage),
                "computed": computed == "true",
                "optional": optional == "true",
                "required": required == "true",
            }
    for name, (computed, optional, required, body) in flags.items():
        if (computed, optional, required) == ("true", "false", "false"):
            block["attributes"][name] = {"type": computed_type(body), "computed": True, "optional": False, "required": False}
    return block


def schema_of(source):
    functions = dict(FUNCTION.findall(source))
    classes = {name: body for name, _, body in CLASS.findall(source)}
    base = r"cdkt[fn]\.Terraform(?:Resource|DataSource)"
    [main] = [body for _, parent, body in CLASS.findall(source) if re.fullmatch(base, parent)]
    members, attributes = main.split("synthesizeHclAttributes()")
    return {"version": 0, "block": block_of(attributes, members, functions, classes)}


def bindings(wheel):
    """The archive of JavaScript inside the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        [inner] = [name for name in archive.namelist() if name.endswith(".jsii.tgz")]
        return tarfile.open(fileobj=io.BytesIO(archive.read(inner)), mode="r:gz")


def resources(path):
    """Kind and type of everything that a module or a state file has."""
    if path.is_dir():
        return {found for file in path.glob("*.tf") for found in USED.findall(file.read_text())}
    return {("resource", each["type"]) for each in json.loads(path.read_text())["resources"]}


def main(wheel, *paths):
    used = {found for path in paths for found in resources(Path(path))}
    folders = {}
    for kind, name in used:
        folder = name.replace("_", "-")
        folders[f"data-{folder}" if kind == "data" else folder.removeprefix("aws-")] = (kind, name)
    schema = {"resource_schemas": {}, "data_source_schemas": {}}
    version = None
    with bindings(wheel) as archive:
        for member in archive:
            found = re.fullmatch(r"package/lib/([^/]+)/index\.js", member.name)
            if member.name == "package/package.json":
                package = json.load(archive.extractfile(member))
                version = package.get("cdktn", package.get("cdktf"))["provider"]["version"]
            elif found and found.group(1) in folders:
                kind, name = folders.pop(found.group(1))
                source = archive.extractfile(member).read().decode()
                schema["data_source_schemas" if kind == "data" else "resource_schemas"][name] = schema_of(source)
    if folders:
        sys.exit(f"the provider's bindings have no {', '.join(sorted(name for _, name in folders.values()))}")
    json.dump({"provider_version": version, **schema}, sys.stdout, indent=1, sort_keys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
