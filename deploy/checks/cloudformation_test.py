"""The CloudFormation template, deployed to moto over HTTP, and what it made, read back.

Usage: the interpreter of deploy/checks/install, from the repository's root: python deploy/checks/cloudformation_test.py
"""

import ast
import fnmatch
import io
import json
import sys
import unittest
import zipfile
from pathlib import Path

import yaml

import settings_test
from moto_server import ACCOUNT, REGION, Moto

TEMPLATE = Path(__file__).resolve().parents[1] / "cloudformation/template.yaml"


class Loader(yaml.SafeLoader):
    """Reads `!Ref x` as `{"Ref": x}`, and so on."""


def intrinsic(loader, suffix, node):
    kinds = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: loader.construct_sequence}
    if isinstance(node, yaml.MappingNode):
        return {suffix: loader.construct_mapping(node, deep=True)}
    arguments = {} if isinstance(node, yaml.ScalarNode) else {"deep": True}
    return {suffix: kinds[type(node)](node, **arguments)}


Loader.add_multi_constructor("!", intrinsic)


def setUpModule():
    global MOTO
    MOTO = Moto()
    s3 = MOTO.client("s3")
    s3.create_bucket(Bucket="packages", CreateBucketConfiguration={"LocationConstraint": REGION})
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("bootstrap", "")
    s3.put_object(Bucket="packages", Key="lambda-promtail.zip", Body=package.getvalue())
    MOTO.client("logs").create_log_group(logGroupName="/aws/lambda/checkout")


def tearDownModule():
    MOTO.close()


class Stack:
    """A stack, and what it made."""

    def __init__(self, name, **parameters):
        parameters = {"S3BucketName": "packages", "WriteAddress": "https://loki.example.com/loki/api/v1/push", **parameters}
        cloudformation = MOTO.client("cloudformation")
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=TEMPLATE.read_text(),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        [stack] = cloudformation.describe_stacks(StackName=name)["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        self.name = name
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        # moto lists those whose condition does not hold, without a name, and has none for permissions.
        self.resources = {each["LogicalResourceId"]: each.get("PhysicalResourceId") for each in resources if each.get("LogicalResourceId")}
        self.function = MOTO.client("lambda").get_function(FunctionName=name)["Configuration"]
        self.environment = self.function["Environment"]["Variables"]

    def set(self):
        """The settings that are not empty."""
        return {name: value for name, value in self.environment.items() if value}

    def permissions(self):
        try:
            policy = MOTO.client("lambda").get_policy(FunctionName=self.name)["Policy"]
        except MOTO.client("lambda").exceptions.ResourceNotFoundException:
            return []
        return json.loads(policy)["Statement"]

    def role(self):
        """What the role may do: statement by name."""
        role = self.outputs["RoleName"]
        document = MOTO.client("iam").get_role_policy(RoleName=role, PolicyName="lambda-promtail")["PolicyDocument"]
        # moto gives the document as Python writes it, with None for what AWS leaves out.
        statements = ast.literal_eval(document)["Statement"]
        return {statement["Sid"]: statement for statement in statements if statement}

    def queue(self, logical):
        return MOTO.client("sqs").get_queue_attributes(QueueUrl=self.resources[logical], AttributeNames=["All"])["Attributes"]

    def mappings(self):
        mappings = MOTO.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        return [mapping for mapping in mappings if mapping["FunctionArn"] == self.outputs["FunctionArn"]]

    def rule(self, logical):
        events = MOTO.client("events")
        name = self.resources[logical].rsplit("/", 1)[-1]
        rule = events.describe_rule(Name=name)
        return json.loads(rule["EventPattern"]), events.list_targets_by_rule(Rule=name)["Targets"], rule


class Cloudwatch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("cloudwatch", LogGroupToSubscribe="/aws/lambda/checkout", FilterPattern="?ERROR", TenantID="platform")

    def test_the_function_is_a_custom_runtime_of_upstreams_size(self):
        function = self.stack.function
        self.assertEqual((function["Runtime"], function["Handler"]), ("provided.al2023", "bootstrap"))
        self.assertEqual((function["MemorySize"], function["Timeout"]), (128, 60))
        self.assertEqual(function["Architectures"], ["x86_64"])
        concurrency = MOTO.client("lambda").get_function_concurrency(FunctionName="cloudwatch")
        self.assertEqual(concurrency["ReservedConcurrentExecutions"], 2)

    def test_the_function_has_the_settings_and_no_report(self):
        self.assertEqual(
            self.stack.set(),
            {
                "WRITE_ADDRESS": "https://loki.example.com/loki/api/v1/push",
                "TENANT_ID": "platform",
                "OMIT_EXTRA_LABELS_PREFIX": "false",
                "KEEP_STREAM": "false",
                "SKIP_TLS_VERIFY": "false",
                "PRINT_LOG_LINE": "false",
            },
        )
        self.assertNotIn("REPORT_BATCH_ITEM_FAILURES", self.stack.environment)

    def test_only_cloudwatch_logs_of_this_account_may_invoke_it(self):
        [permission] = self.stack.permissions()
        self.assertEqual(permission["Principal"], {"Service": "logs.amazonaws.com"})
        self.assertEqual(permission["Action"], "lambda:InvokeFunction")
        self.assertEqual(permission["Condition"], {"StringEquals": {"AWS:SourceAccount": ACCOUNT}})

    def test_the_log_group_is_subscribed(self):
        [subscription] = MOTO.client("logs").describe_subscription_filters(logGroupName="/aws/lambda/checkout")["subscriptionFilters"]
        self.assertEqual(subscription["destinationArn"], self.stack.outputs["FunctionArn"])
        self.assertEqual(subscription["filterPattern"], "?ERROR")

    def test_the_role_may_log_and_report_failures_and_nothing_else(self):
        role = self.stack.role()
        self.assertEqual(sorted(role), ["OwnLog", "ReportFailures"])
        self.assertEqual(role["ReportFailures"]["Resource"], self.stack.queue("OnFailureQueue")["QueueArn"])
        self.assertIn("log-group:/aws/lambda/cloudwatch", role["OwnLog"]["Resource"])

    def test_its_own_log_is_kept_for_two_weeks(self):
        [group] = MOTO.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/cloudwatch")["logGroups"]
        self.assertEqual(group["retentionInDays"], 14)

    def test_what_fails_for_good_is_kept(self):
        self.assertEqual(self.stack.queue("OnFailureQueue")["MessageRetentionPeriod"], "1209600")
        config = MOTO.client("lambda").get_function_event_invoke_config(FunctionName="cloudwatch")
        self.assertEqual(config["DestinationConfig"]["OnFailure"]["Destination"], self.stack.queue("OnFailureQueue")["QueueArn"])
        self.assertEqual(config["MaximumRetryAttempts"], 2)

    def test_it_reads_no_queue(self):
        self.assertEqual(self.stack.mappings(), [])


class S3ThroughEventbridge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("eventbridge", EventSourceS3Bucket="flow-logs", AccessLogsS3Bucket="alb-logs", AccessLogsS3PrefixKey="shop/")

    def test_a_rule_for_each_bucket_leads_to_the_function(self):
        for logical, bucket, prefix in [("EventSourceRule", "flow-logs", "AWSLogs/"), ("AccessLogsRule", "alb-logs", "shop/")]:
            pattern, targets, _ = self.stack.rule(logical)
            self.assertEqual((pattern["source"], pattern["detail-type"]), (["aws.s3"], ["Object Created"]))
            self.assertEqual(pattern["detail"], {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": prefix}]}})
            self.assertEqual([target["Arn"] for target in targets], [self.stack.outputs["FunctionArn"]])

    def test_only_the_stacks_rules_may_invoke_it(self):
        [permission] = self.stack.permissions()
        self.assertEqual(permission["Principal"], {"Service": "events.amazonaws.com"})
        self.assertEqual(
            permission["Condition"],
            {
                "StringEquals": {"AWS:SourceAccount": ACCOUNT},
                "ArnLike": {"AWS:SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/eventbridge-*"},
            },
        )

    def test_the_role_may_read_these_objects_and_no_others(self):
        role = self.stack.role()
        self.assertEqual(sorted(role), ["OwnLog", "ReadAccessLogs", "ReadObjects", "ReportFailures"])
        self.assertEqual(role["ReadObjects"]["Resource"], "arn:aws:s3:::flow-logs/AWSLogs/*")
        self.assertEqual(role["ReadAccessLogs"]["Resource"], "arn:aws:s3:::alb-logs/shop/*")
        self.assertEqual(role["ReadObjects"]["Action"], ["s3:GetObject"])


class S3ThroughSqs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("sqs", EventSourceS3Bucket="flow-logs", SqsEnabled="true", FunctionTimeout="300")

    def test_the_function_reads_the_queue_and_reports_what_failed(self):
        [mapping] = self.stack.mappings()
        self.assertEqual(mapping["EventSourceArn"], self.stack.outputs["QueueArn"])
        self.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])
        self.assertEqual(self.stack.environment["REPORT_BATCH_ITEM_FAILURES"], "true")

    def test_a_message_is_invisible_for_six_times_the_functions_timeout(self):
        self.assertEqual(self.stack.function["Timeout"], 300)
        self.assertEqual(self.stack.queue("Queue")["VisibilityTimeout"], "1800")

    def test_what_fails_for_good_moves_to_the_dead_letter_queue(self):
        redrive = json.loads(self.stack.queue("Queue")["RedrivePolicy"])
        self.assertEqual(redrive["deadLetterTargetArn"], self.stack.queue("DeadLetterQueue")["QueueArn"])
        self.assertEqual(int(redrive["maxReceiveCount"]), 5)
        self.assertEqual(self.stack.queue("DeadLetterQueue")["MessageRetentionPeriod"], "1209600")

    def test_the_rule_leads_to_the_queue_and_only_it_may_send(self):
        _, targets, rule = self.stack.rule("EventSourceRule")
        self.assertEqual([target["Arn"] for target in targets], [self.stack.outputs["QueueArn"]])
        [statement] = json.loads(self.stack.queue("Queue")["Policy"])["Statement"]
        self.assertEqual(statement["Principal"], {"Service": "events.amazonaws.com"})
        rules = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/sqs-*"
        self.assertEqual(statement["Condition"], {"ArnLike": {"aws:SourceArn": rules}})
        self.assertTrue(fnmatch.fnmatchcase(rule["Arn"], rules))

    def test_nobody_may_invoke_it(self):
        self.assertEqual(self.stack.permissions(), [])

    def test_the_role_may_read_the_queue(self):
        statement = self.stack.role()["ReadQueue"]
        self.assertEqual(statement["Resource"], self.stack.outputs["QueueArn"])
        self.assertEqual(statement["Action"], ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])

    def test_without_reports_neither_side_has_them(self):
        stack = Stack("quiet", SqsEnabled="true", ReportBatchItemFailures="false")
        [mapping] = stack.mappings()
        self.assertFalse(mapping.get("FunctionResponseTypes"))
        self.assertNotIn("REPORT_BATCH_ITEM_FAILURES", stack.environment)


class Credentials(unittest.TestCase):
    def test_the_role_may_read_what_it_is_told_and_decrypt_it(self):
        secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:loki-AbCdEf"
        parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/loki/user"
        key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/one"
        stack = Stack("credentials", Username=parameter, Password=secret, ReadSecretArns=secret, ReadParameterArns=parameter, DecryptKeyArns=key)
        role = stack.role()
        self.assertEqual(role["ReadSecrets"]["Resource"], [secret])
        self.assertEqual(role["ReadParameters"]["Resource"], [parameter])
        self.assertEqual(role["Decrypt"]["Resource"], [key])
        self.assertEqual((stack.environment["USERNAME"], stack.environment["PASSWORD"]), (parameter, secret))


class Settings(unittest.TestCase):
    def test_every_setting_has_a_parameter_and_nothing_else_is_set(self):
        names = settings_test.settings()
        template = yaml.load(TEMPLATE.read_text(), Loader)
        variables = template["Resources"]["Function"]["Properties"]["Environment"]["Variables"]
        missing = sorted(set(names) - set(variables))
        self.assertEqual(missing, [], "run `cargo xtask generate`")
        parameters, expected = {"SqsEnabled": "true"}, {}
        for name, value in variables.items():
            if name == "REPORT_BATCH_ITEM_FAILURES":
                # Only with a mapping that reads the report.
                expected[name] = "true"
                continue
            allowed = template["Parameters"][value["Ref"]].get("AllowedValues")
            expected[name] = parameters[value["Ref"]] = "true" if allowed == ["true", "false"] else f"given for {name}"
        stack = Stack("settings", **parameters)
        self.assertEqual(stack.environment, expected)
        self.assertEqual(sorted(stack.environment), sorted(names))

    def test_upstreams_parameters_are_there(self):
        parameters = yaml.load(TEMPLATE.read_text(), Loader)["Parameters"]
        upstream = (
            "WriteAddress ReservedConcurrency Username Password BearerToken LambdaPromtailImage KeepStream ExtraLabels "
            "OmitExtraLabelsPrefix TenantID SkipTlsVerify S3BucketName S3KeyName LogGroupToSubscribe EventSourceS3Bucket "
            "EventSourceS3PrefixKey AccessLogsS3Bucket AccessLogsS3PrefixKey"
        )
        self.assertEqual([name for name in upstream.split() if name not in parameters], [])
        self.assertEqual(parameters["ReservedConcurrency"]["Default"], 2)
        for secret in ("Password", "BearerToken", "TlsClientKey"):
            self.assertTrue(parameters[secret]["NoEcho"])

    def test_no_secret_is_echoed(self):
        template = yaml.load(TEMPLATE.read_text(), Loader)
        variables = template["Resources"]["Function"]["Properties"]["Environment"]["Variables"]
        parameters = {name: template["Parameters"][variables[name]["Ref"]] for name in settings_test.secrets()}
        self.assertEqual([name for name, parameter in parameters.items() if parameter.get("NoEcho") is not True], [])


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]])
