"""What the policies of the CloudFormation template allow, in each configuration: those that moto makes of it.

Usage: the interpreter of deploy/checks/install, from the repository's root: python deploy/checks/iam_cloudformation_test.py
"""

import json
import unittest

import cloudformation_test
import iam
from cloudformation_test import Stack, setUpModule, tearDownModule  # noqa: F401  (unittest calls the latter two)
from iam import ACCOUNT, KEY, PARAMETER, SECRET, STREAM

BUCKET = {"EventSourceS3Bucket": "logs", "EventSourceS3PrefixKey": "AWSLogs/"}
QUEUE = {**BUCKET, "SqsEnabled": "true"}

# Parameters, and what they need beside what the function always needs.
CONFIGURATIONS = {
    "nothing": ({}, []),
    "log-group": ({"LogGroupToSubscribe": "/aws/lambda/checkout"}, []),
    "bucket": (BUCKET, ["objects"]),
    "access-logs": ({"AccessLogsS3Bucket": "logs", "AccessLogsS3PrefixKey": "AWSLogs/"}, ["objects"]),
    "queue": (QUEUE, ["objects", "queue"]),
    "continuation": ({**QUEUE, "ContinueObjects": "true"}, ["objects", "queue", "continuation"]),
    "stream": ({"KinesisStreamArn": STREAM}, ["stream"]),
    "tags": ({"LogGroupTags": "team"}, ["tags"]),
    "secret": ({"ReadSecretArns": SECRET}, ["secret"]),
    "parameter": ({"ReadParameterArns": PARAMETER}, ["parameter"]),
    "key": ({"DecryptKeyArns": KEY}, ["key"]),
    "environment-key": ({"KmsKeyArn": KEY}, ["key"]),
    "redrive": ({"OnFailureRedriveEnabled": "true"}, ["redrive"]),
    "subnets": ({"SubnetIds": "subnet-1", "SecurityGroupIds": "sg-1"}, ["subnets"]),
    "monitored": ({"MonitoringEnabled": "true", "AlarmActionArns": iam.arn("sns", "on-call")}, []),
    "all": (
        {
            **QUEUE,
            "ContinueObjects": "true",
            "LogGroupToSubscribe": "/aws/lambda/billing",
            "KinesisStreamArn": STREAM,
            "LogGroupTags": "team",
            "ReadSecretArns": SECRET,
            "ReadParameterArns": PARAMETER,
            "KmsKeyArn": KEY,
            "SubnetIds": "subnet-1",
            "SecurityGroupIds": "sg-1",
            "MonitoringEnabled": "true",
            "OnFailureRedriveEnabled": "true",
        },
        sorted(set(iam.NEEDS) - {"always"}),
    ),
}


class Policies(unittest.TestCase):
    def test_each_policy_allows_what_its_configuration_needs_and_nothing_else(self):
        cloudformation_test.MOTO.client("kinesis").create_stream(StreamName="app", ShardCount=1)
        invoked, queues = set(), 0
        for name, (parameters, needed) in CONFIGURATIONS.items():
            with self.subTest(name):
                stack = Stack(name, **parameters)
                names = {"own": iam.arn("logs", f"log-group:/aws/lambda/{name}"), "queue": iam.arn("sqs", "none")}
                names["on_failure"] = stack.queue("OnFailureQueue")["QueueArn"]
                if "queue" in needed:
                    names["queue"] = stack.queue("Queue")["QueueArn"]
                statements = list(stack.role().values())
                for statement in statements:
                    # In AWS the attribute Arn of a log group ends so, and what has no value is left out.
                    resources = [each + ":*" if each == names["own"] else each for each in iam.several(statement["Resource"])]
                    statement["Resource"] = [each for each in resources if each is not None]
                role = cloudformation_test.MOTO.client("iam").get_role(RoleName=stack.outputs["RoleName"])["Role"]
                trust = role["AssumeRolePolicyDocument"]["Statement"]
                self.assertEqual(iam.role_faults(statements, trust, {"always", *needed}, names), [])

                permissions = stack.permissions()
                self.assertEqual(iam.resource_policy_faults(permissions, "lambda:InvokeFunction"), [])
                invoked |= {name for _ in permissions}
                for queue in ("Queue", "DeadLetterQueue", "OnFailureQueue"):
                    if stack.resources.get(queue) and (policy := stack.queue(queue).get("Policy")):
                        self.assertEqual(iam.resource_policy_faults(json.loads(policy)["Statement"], "sqs:SendMessage"), [])
                        queues += 1
        self.assertEqual(invoked, {"log-group", "bucket", "access-logs", "all"})
        self.assertGreaterEqual(queues, 5)


if __name__ == "__main__":
    assert cloudformation_test.ACCOUNT == ACCOUNT
    unittest.main(verbosity=2)
