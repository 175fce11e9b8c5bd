"""What the policies of the Terraform module allow, in each configuration: those that OpenTofu computes.

Usage: iam_terraform_test.py MODULE_FOLDER     with tofu on the PATH and the folder initialised
"""

import json
import subprocess
import sys
import unittest
from pathlib import Path

import iam
from iam import ACCOUNT, KEY, NEVER, OBJECT, PARAMETER, REGION, SECRET, STREAM, arn

MODULE = Path(sys.argv[1])

NAMES = {"own": arn("logs", "log-group:/aws/lambda/lambda_promtail"), "queue": arn("sqs", "main"), "on_failure": arn("sqs", "on-failure")}

HEAD = f"""
mock_provider "aws" {{
  mock_data "aws_caller_identity" {{
    defaults = {{ account_id = "{ACCOUNT}" }}
  }}
  mock_data "aws_partition" {{
    defaults = {{ partition = "aws" }}
  }}
  mock_data "aws_region" {{
    defaults = {{ id = "{REGION}" }}
  }}
  mock_resource "aws_lambda_function" {{
    defaults = {{ arn = "{arn("lambda", "function:lambda_promtail")}" }}
  }}
  mock_resource "aws_cloudwatch_log_group" {{
    defaults = {{ arn = "{NAMES["own"]}" }}
  }}
}}
variables {{
  write_address                 = "https://loki.example.com/loki/api/v1/push"
  lambda_promtail_binary_bucket = "packages"
}}
""" + "".join(
    f"""
override_resource {{
  target = aws_sqs_queue.{resource}
  values = {{ arn = "{queue}", id = "{queue}", url = "{queue}" }}
}}
"""
    for resource, queue in [
        ("main", NAMES["queue"]),
        ("eventbridge", NAMES["queue"]),
        ("on_failure", NAMES["on_failure"]),
        ("dead_letter", arn("sqs", "dead-letter")),
        ("eventbridge_dead_letter", arn("sqs", "dead-letter")),
    ]
)

S3 = {"bucket_names": ["logs"], "filter_prefix": "AWSLogs/"}
EVENTBRIDGE = {"eventbridge_bucket_names": ["logs"], "eventbridge_key_prefix": "AWSLogs/"}
SUBNETS = {"lambda_vpc_subnets": ["subnet-1"], "lambda_vpc_security_groups": ["sg-1"]}
QUEUE = {**S3, "sqs_enabled": True}

# Inputs, and what they need beside what the function always needs.
CONFIGURATIONS = {
    "nothing": ({}, []),
    "log_groups": ({"log_group_names": ["/aws/lambda/checkout"]}, []),
    "account": ({"account_subscription_enabled": True}, []),
    "buckets": (S3, ["objects"]),
    "queue": (QUEUE, ["objects", "queue"]),
    "continuation": ({**QUEUE, "continuation_queue_url": True}, ["objects", "queue", "continuation"]),
    "eventbridge": (EVENTBRIDGE, ["objects"]),
    "eventbridge_queue": ({**EVENTBRIDGE, "eventbridge_sqs_enabled": True}, ["objects", "queue"]),
    "streams": ({"kinesis_stream_arns": {"app": STREAM}}, ["stream"]),
    "tags": ({"log_group_tags": "team"}, ["tags"]),
    "secret": ({"username": "loki", "password": f"{SECRET}:password::"}, ["secret"]),
    "parameter": ({"bearer_token": PARAMETER}, ["parameter"]),
    "header": ({"extra_headers": f"X-Api-Key,{SECRET}"}, ["secret"]),
    "redact_key": ({"redact_key": SECRET}, ["secret"]),
    "keys": ({"kms_decrypt_key_arns": [KEY]}, ["key"]),
    "environment_key": ({"kms_key_arn": KEY}, ["key"]),
    "subnets": (SUBNETS, ["subnets"]),
    "redrive": ({"on_failure_redrive_enabled": True}, ["redrive"]),
    "monitored": ({"monitoring_enabled": True, "alarm_action_arns": [arn("sns", "on-call")]}, []),
    "everything": (
        {
            **QUEUE,
            **SUBNETS,
            "continuation_queue_url": True,
            "log_group_names": ["/aws/lambda/checkout"],
            "kinesis_stream_arns": {"app": STREAM},
            "log_group_tags": "team",
            "username": SECRET,
            "password": PARAMETER,
            "kms_key_arn": KEY,
            "on_failure_redrive_enabled": True,
            "monitoring_enabled": True,
        },
        sorted(set(iam.NEEDS) - {"always"}),
    ),
}


def setUpModule():
    """Computes all configurations, as `tofu test` does, which then says what each made."""
    global MADE
    runs = "".join(
        f"run {json.dumps(name)} {{\n  variables {{\n" + "".join(f"    {key} = {json.dumps(value)}\n" for key, value in inputs.items()) + "  }\n}\n"
        for name, (inputs, _) in CONFIGURATIONS.items()
    )
    test = MODULE / "tests/policies.tftest.hcl"
    try:
        test.write_text(HEAD + runs)
        done = subprocess.run(
            ["tofu", "test", "-no-color", "-json", "-verbose", f"-filter=tests/{test.name}"], cwd=MODULE, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
    finally:
        test.unlink()
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, [each.get("diagnostic", each["@message"]) for each in messages if each["@level"] == "error"] or done.stderr
    MADE = {each["@testrun"]: each["test_state"]["values"]["root_module"]["resources"] for each in messages if each["type"] == "test_state"}


class Policies(unittest.TestCase):
    def values(self, name, kind):
        return [each["values"] for each in MADE[name] if each["type"] == kind]

    def test_the_role_may_do_what_each_configuration_needs_and_nothing_else(self):
        for name, (_, needed) in CONFIGURATIONS.items():
            with self.subTest(name):
                [policy], [role] = self.values(name, "aws_iam_role_policy"), self.values(name, "aws_iam_role")
                statements = json.loads(policy["policy"])["Statement"]
                trust = json.loads(role["assume_role_policy"])["Statement"]
                self.assertEqual(iam.role_faults(statements, trust, {"always", *needed}, NAMES), [])

    def test_services_of_this_account_alone_may_send_to_the_queues(self):
        seen = 0
        for name in CONFIGURATIONS:
            for queue in self.values(name, "aws_sqs_queue_policy"):
                with self.subTest(name):
                    statements = json.loads(queue["policy"])["Statement"]
                    self.assertEqual(iam.resource_policy_faults(statements, "sqs:SendMessage"), [])
                    self.assertEqual({queue["queue_url"]}, {each["Resource"] for each in statements})
                    seen += 1
        self.assertGreaterEqual(seen, 5)

    def test_services_of_this_account_alone_may_invoke_the_function(self):
        invoked = {name for name in CONFIGURATIONS if self.values(name, "aws_lambda_permission")}
        self.assertEqual(invoked, {"log_groups", "account", "buckets", "eventbridge", "everything"})
        for name in invoked:
            for permission in self.values(name, "aws_lambda_permission"):
                with self.subTest(name):
                    self.assertIn(permission["principal"], iam.SERVICES)
                    self.assertEqual((permission["action"], permission["source_account"]), ("lambda:InvokeFunction", ACCOUNT))


class Evaluation(unittest.TestCase):
    """That what is wrong is found."""

    def faults(self, **changes):
        statement = {"Sid": "S", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::logs/AWSLogs/*"], **changes}
        trust = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]
        return iam.role_faults([statement], trust, {"objects"}, NAMES)

    def test_exactly_what_is_needed(self):
        self.assertEqual(self.faults(), [])

    def test_what_is_too_much_or_too_little(self):
        for changes, fault in [
            ({"Action": ["s3:*"]}, "S: a wildcard in an action"),
            ({"Action": ["s3:GetObject", "s3:PutObject"]}, f"s3:PutObject on {OBJECT}: allowed"),
            ({"Resource": ["*"]}, "S: any resource"),
            ({"Resource": ["arn:aws:s3:::logs/*"]}, "s3:GetObject on arn:aws:s3:::logs/private/one.log.gz: allowed"),
            ({"Resource": ["arn:aws:s3:::other/*"]}, f"s3:GetObject on {OBJECT}: not allowed"),
            ({"Effect": "Deny"}, "S: the effect Deny is not evaluated here"),
            ({"NotAction": ["s3:PutObject"]}, "S: NotAction is not evaluated here"),
        ]:
            self.assertIn(fault, self.faults(**changes))

    def test_senders_from_elsewhere(self):
        good = {"Effect": "Allow", "Action": "sqs:SendMessage", "Principal": {"Service": "s3.amazonaws.com"}, "Resource": NAMES["queue"]}
        good["Condition"] = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        self.assertEqual(iam.resource_policy_faults([good], "sqs:SendMessage"), [])
        for changes in [
            {"Principal": "*"},
            {"Principal": {"AWS": "*"}},
            {"Action": "sqs:*"},
            {"Resource": "*"},
            {"Condition": {}},
            {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs"}}},
            {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
        ]:
            self.assertEqual(len(iam.resource_policy_faults([{**good, **changes}], "sqs:SendMessage")), 1, changes)

    def test_no_question_is_both_needed_and_never_needed(self):
        self.assertEqual(NEVER & set().union(*iam.NEEDS.values()), set())


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]])
