"""A moto of one's own: an AWS that takes calls over HTTP and does nothing, for the time of a test."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
REGION = "eu-west-1"


class Moto:
    """A running moto, ended by `close`."""

    def __init__(self, account=ACCOUNT):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = tempfile.TemporaryFile()
        self.invoked = tempfile.NamedTemporaryFile()
        # Nothing of the machine's own AWS configuration.
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "MOTO_ACCOUNT_ID": account, "INVOCATIONS": self.invoked.name}
        self.process = subprocess.Popen(
            [sys.executable, "-B", __file__, "-H", "127.0.0.1", "-p", str(port)], env=environment, stdout=self.log, stderr=self.log
        )
        self._wait()

    def _wait(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/moto-api/data.json", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        self.log.seek(0)
        raise RuntimeError(f"moto does not answer:\n{self.log.read().decode()[-4000:]}")

    def client(self, service):
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=120),
        )

    def invocations(self):
        """The invocations until now, each as the name of the function and the event. No function is run."""
        return [(each["function"], each["event"]) for each in map(json.loads, Path(self.invoked.name).read_text().splitlines())]

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
        self.invoked.close()


def teach():
    """Adds the resources of the template that moto's CloudFormation does not know, on moto's own services."""
    from moto.awslambda.utils import get_backend
    from moto.cloudwatch.models import MetricDataQuery, cloudwatch_backends
    from moto.core.common_models import CloudFormationModel
    from moto.logs.models import logs_backends
    from moto.sqs.models import sqs_backends

    def resource(kind, create):
        def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
            create(cloudformation_json["Properties"], resource_name, account_id, region_name)
            made = cls()
            properties = cloudformation_json["Properties"]
            made.name = properties.get("AlarmName", properties.get("DashboardName", resource_name))
            return made

        return type(
            kind.replace("::", ""),
            (CloudFormationModel,),
            {
                "cloudformation_name_type": staticmethod(lambda: ""),
                "cloudformation_type": staticmethod(lambda: kind),
                "create_from_cloudformation_json": classmethod(create_from_cloudformation_json),
                "update_from_cloudformation_json": classmethod(lambda *_, **__: None),
                "delete_from_cloudformation_json": classmethod(lambda *_, **__: None),
                "physical_resource_id": property(lambda self: self.name),
                "has_cfn_attr": classmethod(lambda _, name: name in ("Arn", "QueueName")),
                "get_cfn_attribute": lambda self, name: f"arn:aws:cloudwatch:::alarm:{self.name}",
            },
        )

    def subscription_filter(properties, name, account, region):
        logs_backends[account][region].put_subscription_filter(
            properties["LogGroupName"], name, properties["FilterPattern"], properties["DestinationArn"], None
        )

    def event_invoke_config(properties, _, account, region):
        get_backend(account, region).put_function_event_invoke_config(properties["FunctionName"], properties)

    def queue_policy(properties, _, account, region):
        for url in properties["Queues"]:
            sqs_backends[account][region].set_queue_attributes(
                url.rsplit("/", 1)[-1], {"Policy": json.dumps(properties["PolicyDocument"])}
            )

    def alarm(properties, _, account, region):
        queries = [MetricDataQuery(query["Id"], None, None, "true", query.get("Expression")) for query in properties.get("Metrics", [])]
        cloudwatch_backends[account][region].put_metric_alarm(
            name=properties["AlarmName"],
            namespace=properties.get("Namespace"),
            metric_name=properties.get("MetricName"),
            comparison_operator=properties.get("ComparisonOperator"),
            evaluation_periods=int(properties.get("EvaluationPeriods", 1)),
            period=int(properties["Period"]) if "Period" in properties else None,
            threshold=float(properties.get("Threshold", 0)),
            statistic=properties.get("Statistic"),
            description=properties["AlarmDescription"],
            dimensions=[{"Name": each["Name"], "Value": each["Value"]} for each in properties.get("Dimensions", [])],
            alarm_actions=properties.get("AlarmActions", []),
            ok_actions=properties.get("OKActions", []),
            metric_data_queries=queries,
            treat_missing_data=properties.get("TreatMissingData"),
            rule=properties.get("AlarmRule"),
        )

    def dashboard(properties, _, account, region):
        cloudwatch_backends[account][region].put_dashboard(properties["DashboardName"], properties["DashboardBody"])

    # moto has no such policies. What the template gives is kept where a test can read it.
    def account_policy(properties, name, account, region):
        cloudwatch_backends[account][region].put_dashboard(f"account-policy-{properties['PolicyName']}", json.dumps(properties))

    return [
        resource("AWS::CloudWatch::Alarm", alarm),
        resource("AWS::CloudWatch::CompositeAlarm", alarm),
        resource("AWS::CloudWatch::Dashboard", dashboard),
        resource("AWS::Logs::AccountPolicy", account_policy),
        resource("AWS::Logs::SubscriptionFilter", subscription_filter),
        resource("AWS::Lambda::EventInvokeConfig", event_invoke_config),
        resource("AWS::SQS::QueuePolicy", queue_policy),
    ]


def keep_invocations():
    """Writes the events that functions get into a file, where moto would start Docker or answer with the event."""
    from moto.awslambda.models import LambdaFunction
    from moto.awslambda_simple.models import LambdaSimpleBackend

    def keep(function, event):
        with open(os.environ["INVOCATIONS"], "a") as invocations:
            invocations.write(json.dumps({"function": function, "event": event}) + "\n")
        return b"{}"

    def invoke(self, function_name, qualifier, body, *_, **__):
        return keep(function_name.split(":")[-1], body.decode() if isinstance(body, bytes) else body)

    LambdaFunction.invoke = lambda self, body, *_: keep(self.function_name, body)
    LambdaSimpleBackend.invoke = invoke


if __name__ == "__main__":
    from moto.server import main

    keep_invocations()

    # Kept: moto finds them as subclasses.
    TAUGHT = teach()
    main()
