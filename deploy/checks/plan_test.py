"""Plans of the Terraform module from state files, and the messages about bad inputs.

The numbers of each plan are those in the table of deploy/terraform/examples/from-upstream/README.md.

Usage: plan_test.py MODULE_FOLDER STATES_FOLDER     with tofu on the PATH and both folders initialised
"""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

MODULE, STATES = (Path(argument) for argument in sys.argv[1:3])
PLAN = re.compile(r"^Plan: (\d+) to add, (\d+) to change, (\d+) to destroy\.$", re.MULTILINE)
# What a migration must not destroy, because it holds lines or names that others use.
KEPT = "cloudwatch_log_group|iam_role|kinesis_stream|lambda_event_source_mapping|lambda_function|s3_bucket_notification|sqs_queue"
GONE = re.compile(rf"^  # (\S*\baws_(?:{KEPT})\.\S+) (?:will be destroyed|must be replaced)$", re.MULTILINE)

# A value that each variable with a validation refuses.
BAD = {
    "alarm_action_arns": ["on-call"],
    "alarm_maximum_age_in_seconds": 5,
    "architecture": "amd64",
    "batch_size": "128KB",
    "bearer_token": "arn:aws:s3:::bucket",
    "bearer_token_parameter_arn": "/loki/token",
    "bearer_token_secret_arn": "loki-token",
    "bucket_names": ["s3://example-logs/AWSLogs"],
    "deadline_margin": "2",
    "eventbridge_bucket_names": ["s3://example-logs"],
    "eventbridge_event_patterns": {"health": "aws.health"},
    "existing_log_group_name": "arn:aws:logs:eu-west-1:123456789012:log-group:x",
    "existing_role_arn": "lambda-role",
    "extra_labels": "team",
    "kinesis_batch_size": 0,
    "kinesis_kms_key_id": "my-key",
    "kinesis_maximum_retry_attempts": -2,
    "kinesis_parallelization_factor": 11,
    "kinesis_starting_position": "EARLIEST",
    "kinesis_stream_arns": {"app": "app-logs"},
    "kinesis_stream_name": ["arn:aws:kinesis:eu-west-1:123456789012:stream/app"],
    "kms_decrypt_key_arns": ["alias/logs"],
    "kms_key_arn": "alias/logs",
    "lambda_memory_size": 64,
    "lambda_promtail_image": "docker.io/grafana/lambda-promtail:main",
    "lambda_timeout": 1000,
    "lambda_vpc_security_groups": ["default"],
    "lambda_vpc_subnets": ["10.0.0.0/24"],
    "layers": ["certificates"],
    "log_format": "logfmt",
    "log_group_names": ["arn:aws:logs:eu-west-1:123456789012:log-group:x"],
    "log_kms_key_arn": "alias/logs",
    "log_retention_in_days": 15,
    "loki_stage_configs": "json: {}",
    "max_backoff": "30",
    "max_line_size": "256KB",
    "max_retries": "many",
    "metrics": "statsd",
    "metrics_namespace": "AWS*",
    "maximum_event_age_in_seconds": 30,
    "maximum_retry_attempts": 3,
    "min_backoff": "fast",
    "name": "lambda promtail",
    "on_failure_destination_arn": "failed-events",
    "on_reject": "ignore",
    "password": "arn:aws:s3:::bucket",
    "password_parameter_arn": "/loki/password",
    "password_secret_arn": "loki-password",
    "permissions_boundary": "boundary",
    "pipeline_timeout": "1",
    "push_concurrency": "0",
    "push_encoding": "snappy",
    "read_ahead": "all",
    "relabel_configs": "- action: drop",
    "reserved_concurrent_executions": -2,
    "role_name": "logs/role",
    "role_path": "logs",
    "s3_log_types": "name: s3_app",
    "sqs_batch_size": 0,
    "sqs_max_receive_count": 0,
    "sqs_maximum_concurrency": 1,
    "sqs_queue_name_prefix": "logs.fifo",
    "subscription_filter_pattern": "x" * 1025,
    "tenant_id": "a\nb",
    "structured_metadata": "log-stream",
    "timeout": "120",
    "unknown_s3_type": "ignore",
    "username": "arn:aws:s3:::bucket",
    "username_parameter_arn": "/loki/user",
    "username_secret_arn": "loki-user",
    "write_address": "loki.example.com",
}
# Inputs that work with upstream's module or did so here, which no validation may refuse.
GOOD = {
    "write_address": "HTTP://loki.example.com/loki/api/v1/push",
    "keep_stream": "yes",
    "print_log_line": "True",
    "skip_tls_verify": "0",
    "batch_size": "131072",
    "bucket_names": ["Example_Logs.old"],
    "extra_labels": "team,platform",
    "relabel_configs": ' [{"action": "labeldrop", "regex": "team"}]',
    "lambda_promtail_image": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/lambda-promtail@sha256:0a",
    "lambda_vpc_subnets": ["subnet-1"],
    "on_reject": "Drop",
    "log_level": "trace",
    "max_backoff": "1m30s",
    "sqs_enabled": True,
    "reserved_concurrent_executions": 2,
    "username": "arnold",
    "password": "a:b\\c",
}


def tofu(*arguments, folder):
    return subprocess.run(["tofu", *arguments], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def text(done):
    """Everything that was printed, without the frames and line breaks of messages."""
    return re.sub(r"\s+", " ", re.sub(r"(?m)^[│╷╵]", "", done.stdout + done.stderr))


def plan(state, *variables, folder=STATES):
    arguments = [f"-var={variable}" for variable in variables]
    return tofu("plan", "-no-color", "-lock=false", f"-state={state}", *arguments, folder=folder)


def documented():
    """Added, changed and destroyed resources of each state, as the page of the migration says."""
    page = (MODULE / "examples/from-upstream/README.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    return {name: tuple(map(int, numbers)) for name, *numbers in rows}


class Plans(unittest.TestCase):
    def planned(self, *arguments):
        done = plan(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return tuple(map(int, PLAN.search(done.stdout).groups())), GONE.findall(done.stdout)

    def test_an_empty_state(self):
        self.assertEqual(self.planned("none.tfstate"), (documented()["no state"], []))

    def test_todays_upstream(self):
        self.assertEqual(self.planned("upstream.tfstate"), (documented()["upstream's module of today"], []))

    def test_upstream_from_before_it_renamed_its_resources(self):
        counts, gone = self.planned("before_2023.tfstate", "role_name=iam_for_lambda")
        self.assertEqual((counts, gone), (documented()["upstream's module from before 2023"], []))

    def test_without_its_old_name_the_role_alone_is_replaced(self):
        counts, gone = self.planned("before_2023.tfstate")
        self.assertEqual(counts, documented()["the same, without `role_name`"])
        self.assertEqual(gone, ["module.lambda_promtail.aws_iam_role.this[0]"])

    def test_notifications_without_a_queue_stay(self):
        state = json.loads((STATES / "before_2023.tfstate").read_text())
        state["resources"] = [each for each in state["resources"] if "sqs" not in each["type"] and each["name"] != "lambda_sqs_execution"]
        for each in state["resources"]:
            each["name"] = each["name"].replace("push-to-sqs", "push-to-lambda-promtail")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "state").write_text(json.dumps(state))
            _, gone = self.planned(Path(folder, "state"), "role_name=iam_for_lambda", "sqs_enabled=false")
        self.assertEqual(gone, [])

    def test_without_the_moves_what_is_moved_would_be_destroyed(self):
        moves = MODULE / "moved.tf"
        content = moves.read_text()
        try:
            moves.unlink()
            _, gone = self.planned("before_2023.tfstate", "role_name=iam_for_lambda")
        finally:
            moves.write_text(content)
        moved = set(re.findall(r"from = (aws_\S+)", content)) - {"aws_iam_role.this", "aws_cloudwatch_log_group.this"}
        in_state = {f"{each['type']}.{each['name']}" for each in json.loads((STATES / "before_2023.tfstate").read_text())["resources"]}
        expected = {address for address in moved & in_state if re.search(rf"aws_({KEPT})\.", address)}
        self.assertGreaterEqual(len(expected), 8)
        found = {re.sub(r"\[.*", "", address.removeprefix("module.lambda_promtail.")) for address in gone}
        self.assertLessEqual(expected, found)


class Inputs(unittest.TestCase):
    def validated(self):
        """The messages of each variable that has a validation."""
        found = {}
        for path in MODULE.glob("variables*.tf"):
            for name, body in re.findall(r'^variable "(\w+)" \{$(.*?)^\}$', path.read_text(), re.MULTILINE | re.DOTALL):
                if messages := re.findall(r'error_message = "((?:[^"\\]|\\.)*)"', body):
                    found[name] = [message.replace('\\"', '"') for message in messages]
        return found

    def run_with(self, inputs):
        with tempfile.NamedTemporaryFile("w", suffix=".tfvars.json") as file:
            json.dump(inputs, file)
            file.flush()
            return tofu("plan", "-no-color", "-lock=false", "-state=none.tfstate", f"-var-file={file.name}", folder=MODULE)

    def test_each_bad_input_is_answered_with_what_would_be_right(self):
        messages = self.validated()
        self.assertEqual(sorted(BAD), sorted(messages), "a bad value for each variable with a validation")
        done = self.run_with(BAD)
        self.assertEqual(done.returncode, 1)
        said = text(done)
        missing = [name for name, texts in messages.items() if not any(message in said for message in texts)]
        self.assertEqual(missing, [], said)

    def test_no_secret_is_in_a_message(self):
        said = text(self.run_with({"write_address": "https://loki.example.com/", "password": "arn:aws:s3:::marked"}))
        self.assertIn("password must be", said)
        self.assertNotIn("marked", said)

    def test_the_address_must_be_given(self):
        self.assertIn('"write_address" is not set', text(self.run_with({})))

    def test_what_worked_still_works_with_warnings_about_what_is_not_meant(self):
        done = self.run_with(GOOD)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = text(done)
        for warning in (
            "keep_stream should be true or false",
            "skip_tls_verify should be true or false",
            "log_level should be debug, info, warn or error",
            "Set sqs_maximum_concurrency",
        ):
            self.assertIn(warning, said)
        self.assertNotIn("print_log_line should be", said)

    def test_filters_of_unknown_buckets_are_named(self):
        said = text(self.run_with({"write_address": "https://loki.example.com/", "lambda_promtail_image": GOOD["lambda_promtail_image"], "bucket_names": ["one"], "bucket_filters": {"two": {}}}))
        self.assertIn("bucket_filters has buckets that are not in bucket_names: two.", said)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]])
