"""The CloudFormation template, deployed to moto over HTTP, and what it made, read back.

Usage: the interpreter of deploy/checks/install, from the repository's root: python deploy/checks/cloudformation_test.py
"""

import ast
import fnmatch
import io
import json
import re
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
    for group in ("checkout", "billing", "search"):
        MOTO.client("logs").create_log_group(logGroupName=f"/aws/lambda/{group}")
    for stream in ("one", "two"):
        MOTO.client("kinesis").create_stream(StreamName=stream, ShardCount=1)


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

    def test_no_reserve_starves_the_queue(self):
        [mapping] = self.stack.mappings()
        self.assertEqual(mapping["ScalingConfig"], {"MaximumConcurrency": 2})
        concurrency = MOTO.client("lambda").get_function_concurrency(FunctionName="sqs")
        self.assertNotIn("ReservedConcurrentExecutions", concurrency)

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


class LogGroups(unittest.TestCase):
    def test_several_log_groups_are_subscribed(self):
        stack = Stack("groups", LogGroupToSubscribe="/aws/lambda/billing", LogGroupToSubscribe3="/aws/lambda/search", FilterPattern="?WARN")
        for group in ("billing", "search"):
            [subscription] = MOTO.client("logs").describe_subscription_filters(logGroupName=f"/aws/lambda/{group}")["subscriptionFilters"]
            self.assertEqual((subscription["destinationArn"], subscription["filterPattern"]), (stack.outputs["FunctionArn"], "?WARN"))
        self.assertEqual(len(stack.permissions()), 1)

    def test_the_account_is_subscribed_but_for_the_functions_own_log(self):
        stack = Stack("account", SubscribeAccount="true", ExcludedLogGroups='"/ecs/loki"', FilterPattern="?WARN")
        body = MOTO.client("cloudwatch").get_dashboard(DashboardName="account-policy-account")["DashboardBody"]
        policy = json.loads(body)
        self.assertEqual(policy["SelectionCriteria"], 'LogGroupName NOT IN ["/aws/lambda/account","/ecs/loki"]')
        self.assertEqual(
            json.loads(policy["PolicyDocument"]),
            {"DestinationArn": stack.outputs["FunctionArn"], "FilterPattern": "?WARN", "Distribution": "Random"},
        )
        self.assertEqual(len(stack.permissions()), 1)


class Redrive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("redrive", OnFailureRedriveEnabled="true", FunctionTimeout="120", QueueMaximumConcurrency="3")

    def test_the_function_reads_the_queue_of_what_failed(self):
        [mapping] = self.stack.mappings()
        self.assertEqual(mapping["EventSourceArn"], self.stack.outputs["OnFailureQueueArn"])
        self.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])
        self.assertEqual(mapping["ScalingConfig"], {"MaximumConcurrency": 3})
        self.assertEqual(self.stack.environment["REPORT_BATCH_ITEM_FAILURES"], "true")

    def test_a_message_is_hidden_for_longer_than_an_invocation(self):
        self.assertEqual(self.stack.queue("OnFailureQueue")["VisibilityTimeout"], "720")

    def test_there_is_no_reserve_that_would_starve_it(self):
        concurrency = MOTO.client("lambda").get_function_concurrency(FunctionName="redrive")
        self.assertNotIn("ReservedConcurrentExecutions", concurrency)


class Kinesis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.streams = [f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{name}" for name in ("one", "two")]
        cls.stack = Stack(
            "kinesis", KinesisStreamArn=cls.streams[0], KinesisStreamArn2=cls.streams[1], KinesisStartingPosition="TRIM_HORIZON", MonitoringEnabled="true"
        )

    def test_the_function_reads_both_streams_and_reports_what_failed(self):
        mappings = self.stack.mappings()
        self.assertEqual(sorted(mapping["EventSourceArn"] for mapping in mappings), self.streams)
        for mapping in mappings:
            self.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])
            self.assertEqual(mapping["StartingPosition"], "TRIM_HORIZON")
            self.assertEqual(mapping["DestinationConfig"]["OnFailure"]["Destination"], self.stack.outputs["OnFailureQueueArn"])
        self.assertEqual(self.stack.environment["REPORT_BATCH_ITEM_FAILURES"], "true")

    def test_failed_batches_are_halved_and_given_up(self):
        template = yaml.load(TEMPLATE.read_text(), Loader)
        for logical in ("StreamMapping", "StreamMapping2"):
            properties = template["Resources"][logical]["Properties"]
            self.assertIs(properties["BisectBatchOnFunctionError"], True)
            self.assertEqual(properties["MaximumRetryAttempts"], {"Ref": "KinesisMaximumRetryAttempts"})

    def test_the_role_may_read_the_streams(self):
        statement = self.stack.role()["ReadStreams"]
        self.assertEqual(statement["Resource"], self.streams)
        self.assertNotIn("kinesis:*", statement["Action"])

    def test_the_age_of_records_is_watched(self):
        alarms = {alarm["AlarmName"]: alarm for alarm in MOTO.client("cloudwatch").describe_alarms(AlarmNamePrefix="kinesis-")["MetricAlarms"]}
        alarm = alarms["kinesis-iterator-age"]
        self.assertEqual([query.get("Expression") for query in alarm["Metrics"]], [None, "milliseconds / 1000"])
        self.assertEqual(alarm["Threshold"], 900)


class Function(unittest.TestCase):
    def test_age_and_retries_of_events(self):
        Stack("events", MaximumEventAge="3600", MaximumRetryAttempts="1")
        config = MOTO.client("lambda").get_function_event_invoke_config(FunctionName="events")
        self.assertEqual((int(config["MaximumEventAgeInSeconds"]), int(config["MaximumRetryAttempts"])), (3600, 1))

    def test_an_existing_role_and_log_group(self):
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        role = MOTO.client("iam").create_role(RoleName="shipper", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        stack = Stack("existing", ExistingRoleArn=role, ExistingLogGroupName="/shared/shippers")
        self.assertEqual(stack.function["Role"], role)
        self.assertNotIn("RoleName", stack.outputs)
        self.assertEqual(stack.outputs["LogGroupName"], "/shared/shippers")
        self.assertFalse(stack.resources.get("Role"))
        self.assertFalse(stack.resources.get("LogGroup"))

    def test_the_suffix_of_keys_is_matched(self):
        stack = Stack("suffix", EventSourceS3Bucket="flow-logs", EventSourceS3SuffixKey=".gz")
        pattern, targets, _ = stack.rule("EventSourceRule")
        self.assertEqual(pattern["detail"]["object"], {"key": [{"wildcard": "AWSLogs/*.gz"}]})
        self.assertEqual(targets[0]["DeadLetterConfig"], {"Arn": stack.outputs["OnFailureQueueArn"]})


class Monitoring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(
            "watched",
            EventSourceS3Bucket="flow-logs",
            SqsEnabled="true",
            FunctionTimeout="300",
            MonitoringEnabled="true",
            AlarmActionArns=f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call",
            AlarmMaximumAge="600",
            Metrics="emf",
        )
        found = MOTO.client("cloudwatch").describe_alarms(AlarmNamePrefix="watched", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        cls.alarms = {alarm["AlarmName"].removeprefix("watched-"): alarm for alarm in found["MetricAlarms"]}
        cls.composite = {alarm["AlarmName"]: alarm for alarm in found["CompositeAlarms"]}

    def test_each_alarm_watches_its_metric(self):
        queue = {logical: self.stack.resources[logical].rsplit("/", 1)[-1] for logical in ("Queue", "DeadLetterQueue", "OnFailureQueue")}
        expected = {
            "errors": ("AWS/Lambda", "Errors", "watched", 0),
            "throttles": ("AWS/Lambda", "Throttles", "watched", 0),
            "duration": ("AWS/Lambda", "Duration", "watched", 270_000),
            "async-events-dropped": ("AWS/Lambda", "AsyncEventsDropped", "watched", 0),
            "destination-delivery-failures": ("AWS/Lambda", "DestinationDeliveryFailures", "watched", 0),
            "on-failure-queue": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", queue["OnFailureQueue"], 0),
            "dead-letter-queue": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", queue["DeadLetterQueue"], 0),
            "main-queue-age": ("AWS/SQS", "ApproximateAgeOfOldestMessage", queue["Queue"], 600),
        }
        found = {
            name: (alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"][0]["Value"], alarm["Threshold"])
            for name, alarm in self.alarms.items()
            if name not in ("iterator-age", "lag", "rejected")
        }
        self.assertEqual(found, expected)
        for name, threshold in (("lag", 600), ("rejected", 0)):
            query = self.alarms[name]["Metrics"][0]["Expression"]
            self.assertEqual(query, f"""SELECT MAX({name}) FROM SCHEMA("lambda-promtail", "function", source) WHERE "function" = 'watched'""")
            self.assertEqual(self.alarms[name]["Threshold"], threshold)
        for alarm in self.alarms.values():
            self.assertEqual((alarm["TreatMissingData"], alarm["ComparisonOperator"]), ("notBreaching", "GreaterThanThreshold"))

    def test_the_composite_alarm_watches_all_of_them_and_pages(self):
        composite = self.composite["watched"]
        for name in self.alarms:
            self.assertIn(f'ALARM("watched-{name}")', composite["AlarmRule"])
        self.assertTrue(composite["AlarmRule"].endswith(" OR FALSE"), composite["AlarmRule"])
        self.assertEqual(composite["AlarmActions"], [f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"])
        self.assertEqual(composite["OKActions"], composite["AlarmActions"])

    def test_the_dashboard_shows_what_the_alarms_watch(self):
        body = json.loads(MOTO.client("cloudwatch").get_dashboard(DashboardName="watched")["DashboardBody"])
        shown = {metric[1] for widget in body["widgets"] for metric in widget["properties"].get("metrics", [])}
        self.assertLessEqual({alarm["MetricName"] for alarm in self.alarms.values() if "MetricName" in alarm}, shown)
        self.assertNotIn("IteratorAge", shown)

    def test_there_are_none_by_default(self):
        Stack("unwatched", EventSourceS3Bucket="flow-logs")
        found = MOTO.client("cloudwatch").describe_alarms(AlarmNamePrefix="unwatched", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        self.assertEqual((found["MetricAlarms"], found["CompositeAlarms"]), ([], []))


class Console(unittest.TestCase):
    """What a person sees who fills in the parameters."""

    @classmethod
    def setUpClass(cls):
        template = yaml.load(TEMPLATE.read_text(), Loader)
        cls.parameters = template["Parameters"]
        cls.interface = template["Metadata"]["AWS::CloudFormation::Interface"]

    def test_each_parameter_is_in_one_group_and_has_a_label(self):
        grouped = [name for group in self.interface["ParameterGroups"] for name in group["Parameters"]]
        self.assertEqual(sorted(grouped), sorted(self.parameters))
        self.assertEqual(sorted(self.interface["ParameterLabels"]), sorted(self.parameters))

    def test_what_must_be_given_comes_first(self):
        self.assertEqual(self.interface["ParameterGroups"][0]["Parameters"][0], "WriteAddress")
        self.assertEqual([name for name, parameter in self.parameters.items() if "Default" not in parameter], ["WriteAddress"])

    def test_labels_and_groups_are_for_people(self):
        labels = [label["default"] for label in self.interface["ParameterLabels"].values()]
        labels += [group["Label"]["default"] for group in self.interface["ParameterGroups"]]
        for label in labels:
            self.assertRegex(label, r"^[A-Z](?!\w*[a-z][A-Z])[^_]*(__extra_)?$|^CloudWatch|^S3")
            self.assertLessEqual(len(label), 60)

    def test_bad_values_are_refused_and_examples_are_not(self):
        bad = {
            "WriteAddress": "loki.example.com", "BatchSize": "128KB", "Timeout": "5", "PushConcurrency": "0", "OnReject": "ignore",
            "ExtraLabels": "team", "RelabelConfigs": "- action: drop", "KinesisStreamArn": "app-logs", "RolePath": "logs",
            "Password": "arn:aws:s3:::bucket", "ExcludedLogGroups": "/ecs/loki",
        }  # fmt: skip
        for name, value in bad.items():
            parameter = self.parameters[name]
            allowed = value in parameter["AllowedValues"] if "AllowedValues" in parameter else re.fullmatch(parameter["AllowedPattern"], value)
            self.assertFalse(allowed, name)
        variables = yaml.load(TEMPLATE.read_text(), Loader)["Resources"]["Function"]["Properties"]["Environment"]["Variables"]
        for setting, value in settings_test.examples().items():
            if setting not in ("REPORT_BATCH_ITEM_FAILURES", "CONTINUATION_QUEUE_URL"):
                parameter = self.parameters[variables[setting]["Ref"]]
                self.assertRegex(value, parameter.get("AllowedPattern", ".*"))
                self.assertIn(value, parameter.get("AllowedValues", [value]))


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
            if name == "CONTINUATION_QUEUE_URL":
                parameters["ContinueObjects"] = "true"
                continue
            expected[name] = parameters[value["Ref"]] = settings_test.examples()[name]
        stack = Stack("settings", **parameters)
        expected["CONTINUATION_QUEUE_URL"] = stack.resources["Queue"]
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
