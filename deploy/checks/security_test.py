"""What checkov finds insecure in the Terraform module, with all sources on, and in the CloudFormation template.

Each finding must be an exception with its reason in security_exceptions.tsv, and each exception must still be found.

Usage: security_test.py CHECKOV     from the repository's root
"""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECKOV = sys.argv[1]
DEPLOY = Path("deploy")
EXCEPTIONS = Path(__file__).with_name("security_exceptions.tsv")

# Resources that a variable switches on are looked at only when it does.
EVERYTHING = {
    "write_address": "https://loki.example.com/loki/api/v1/push",
    "lambda_promtail_image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/lambda-promtail:1",
    "bucket_names": ["logs"],
    "sqs_enabled": True,
    "continuation_queue_url": True,
    "eventbridge_bucket_names": ["logs"],
    "eventbridge_sqs_enabled": True,
    "log_group_names": ["/aws/lambda/checkout"],
    "account_subscription_enabled": True,
    "kinesis_stream_name": ["made"],
    "monitoring_enabled": True,
    "on_failure_redrive_enabled": True,
}
# At least so many checks of each must pass: one that reads nothing finds nothing.
PASSED = {"terraform": 40, "cloudformation": 12}


def findings(framework, *arguments):
    """The number of checks that passed, and those that failed with their resources."""
    command = [CHECKOV, "--framework", framework, "--compact", "--quiet", "--skip-download", "--output", "json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}") from None
    assert report["summary"]["parsing_errors"] == 0, report["results"]
    failed = {(framework, each["check_id"], each["resource"]): each["check_name"] for each in report["results"]["failed_checks"]}
    return report["summary"]["passed"], failed


def exceptions():
    """The reason of each exception, by framework, check and resource."""
    rows = [line.split("\t") for line in EXCEPTIONS.read_text().splitlines() if not line.startswith("#")]
    return {tuple(row[:3]): row[3] for row in rows}


class Security(unittest.TestCase):
    def test_what_is_found_is_an_exception_with_its_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            # Examples and tests are no part of what is deployed.
            module = Path(folder, "module")
            shutil.copytree(DEPLOY / "terraform", module, ignore=shutil.ignore_patterns("examples", "tests", ".terraform*"))
            variables = Path(folder, "everything.tfvars")
            variables.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in EVERYTHING.items()))
            with ThreadPoolExecutor() as at_once:
                terraform = at_once.submit(findings, "terraform", "--directory", str(module), "--var-file", str(variables))
                cloudformation = at_once.submit(findings, "cloudformation", "--file", str(DEPLOY / "cloudformation/template.yaml"))
        found = {}
        for framework, result in {"terraform": terraform, "cloudformation": cloudformation}.items():
            passed, failed = result.result()
            self.assertGreaterEqual(passed, PASSED[framework], framework)
            found |= failed
        known = exceptions()
        new = {key: name for key, name in found.items() if key not in known}
        self.assertEqual(new, {}, "mend these, or give the reason for each in security_exceptions.tsv")
        self.assertEqual(known.keys() - found.keys(), set(), "these are not found any more: remove them from security_exceptions.tsv")

    def test_each_exception_has_a_reason(self):
        for key, reason in exceptions().items():
            self.assertGreater(len(reason.split()), 8, key)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]])
