"""That every setting of the function can be set through both deployments, that both set none it does not read, and that
neither shows a secret.

The settings are those of settings.tsv, which `cargo xtask generate` writes out of the function's own table, and which a
test holds equal to it.

Usage: settings_test.py terraform TESTS_FOLDER     writes a test for `tofu test`, which evaluates the module

cloudformation_test.py checks the template.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What sets a setting of the function together with something else, or takes no free text: variable and value, and the
# value that the function then gets.
SPECIAL = {
    "OMIT_EXTRA_LABELS_PREFIX": ("omit_extra_labels_prefix", "true", "true"),
    # Only with a mapping that reads the report.
    "REPORT_BATCH_ITEM_FAILURES": ("sqs_enabled", "true", "true"),
    # The URL of the queue in the mocks of the module's own test.
    "CONTINUATION_QUEUE_URL": ("continuation_queue_url", "true", "https://sqs.eu-west-1.amazonaws.com/123456789012/main"),
}


def rows():
    """Names of the settings, in order, each with `secret` or `shown`, and a value that it takes."""
    lines = (Path(__file__).parent / "settings.tsv").read_text().splitlines()
    found = [tuple(line.split("\t")) for line in lines if not line.startswith("#")]
    assert len(found) > 30 and {kind for _, kind, _ in found} == {"secret", "shown"}, "settings.tsv lacks settings"
    return found


def settings():
    """Names of the settings, in order."""
    return [name for name, _, _ in rows()]


def examples():
    """A value of each setting that the function takes, by name."""
    return {name: value for name, _, value in rows()}


def secrets():
    """Names of the settings whose values hold a secret, or may hold one, as the function's own table says.

    WRITE_ADDRESS is not among them: it is what one looks for in a plan, and USERNAME and PASSWORD are for credentials.
    """
    found = [name for name, kind, _ in rows() if kind == "secret"]
    assert {"PASSWORD", "TLS_CLIENT_KEY", "HTTPS_PROXY"} <= set(found), found
    return found


def terraform(folder):
    """A test that sets every setting by its own variable and finds exactly these in the function's environment."""
    names, values = settings(), examples()
    variables, expected = [], {}
    for name in names:
        variable, given, value = SPECIAL.get(name, (name.lower(), json.dumps(values[name]), values[name]))
        variables.append(f"    {variable} = {given}")
        expected[name] = value
    declared = {
        found
        for path in (ROOT / "deploy/terraform").glob("variables*.tf")
        for found in re.findall(r'^variable "(\w+)"', path.read_text(), re.MULTILINE)
    }
    missing = [name for name in names if SPECIAL.get(name, (name.lower(),))[0] not in declared]
    if missing:
        sys.exit(
            f"the Terraform module has no variable for {', '.join(missing)}, under the setting's name in lower case; "
            "run `cargo xtask generate`"
        )
    blocks = {
        name: body
        for path in (ROOT / "deploy/terraform").glob("variables*.tf")
        for name, body in re.findall(r'^variable "(\w+)" \{$(.*?)^\}$', path.read_text(), re.MULTILINE | re.DOTALL)
    }
    shown = [name.lower() for name in secrets() if not re.search(r"^  sensitive += true$", blocks[name.lower()], re.MULTILINE)]
    if shown:
        sys.exit(f"variables of the Terraform module that hold secrets are not sensitive: {', '.join(shown)}")
    # The mocks of the module's own test.
    own = (ROOT / "deploy/terraform/tests/module.tftest.hcl").read_text()
    mocks = own[: own.index("\nvariables {")]
    Path(folder, "settings.tftest.hcl").write_text(
        mocks
        + 'run "every_setting_has_a_variable_and_nothing_else_is_set" {\n  variables {\n'
        + '    lambda_promtail_binary_bucket = "packages"\n'
        + "\n".join(variables)
        + "\n  }\n  assert {\n    condition = jsondecode(jsonencode(nonsensitive(aws_lambda_function.this.environment[0].variables))) == "
        + f"jsondecode({json.dumps(json.dumps(expected))})\n"
        + '    error_message = "the environment is not the settings"\n  }\n}\n\n'
        + 'run "further_variables_are_set_as_they_are" {\n  variables {\n    lambda_promtail_binary_bucket = "packages"\n'
        + '    write_address = "https://loki.example.com/loki/api/v1/push"\n    environment = { NEW_SETTING = "value", PRINT_LOG_LINE = "false" }\n  }\n  assert {\n'
        + "    condition = aws_lambda_function.this.environment[0].variables.NEW_SETTING == \"value\" && aws_lambda_function.this.environment[0].variables.PRINT_LOG_LINE == \"false\"\n"
        + '    error_message = "environment goes before the variables of its own"\n  }\n}\n'
    )
    print(f"{len(names)} settings")


if __name__ == "__main__":
    {"terraform": terraform}[sys.argv[1]](sys.argv[2])
