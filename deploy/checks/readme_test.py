"""Runs the shell commands of two pages (their `sh` blocks; not the `bash` ones) against moto, in their order:
deploy/README.md and deploy/cloudformation/from-upstream.md.

Usage: the interpreter of deploy/checks/install, from the repository's root: python deploy/checks/readme_test.py
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from moto_server import REGION, Moto

ROOT = Path(__file__).resolve().parents[2]


def prepare(moto, folder):
    """What the page takes for granted: a package, log groups, buckets with logs."""
    (folder / "target/package/x86_64").mkdir(parents=True)
    with zipfile.ZipFile(folder / "target/package/x86_64/lambda-promtail.zip", "w") as package:
        package.writestr("bootstrap", "")
    shutil.copytree(ROOT / "samples", folder / "samples")
    shutil.copytree(ROOT / "deploy/cloudformation", folder / "deploy/cloudformation")
    for group in ("checkout", "billing"):
        moto.client("logs").create_log_group(logGroupName=f"/aws/lambda/{group}")
    for bucket in ("example-load-balancer-logs", "example-alb-logs"):
        moto.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    # Its Lambda answers, and runs nothing.
    config = json.dumps({"lambda": {"use_docker": False}}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{moto.url}/moto-api/config", config, {"Content-Type": "application/json"})).close()


def blocks_of(page):
    return re.findall(r"^```sh\n(.*?)^```$", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


def run(moto, folder, blocks, after_each=""):
    """Runs blocks of commands in one shell, and other commands after each."""
    # The first version of the AWS CLI overlooks AWS_ENDPOINT_URL for SQS.
    script = 'set -euo pipefail\naws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n'
    script += "".join(f"{block}\n{after_each}\n" for block in blocks)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        # By this name moto finds templates in its own S3.
        "AWS_ENDPOINT_URL": moto.url.replace("127.0.0.1", "localhost"),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    subprocess.run(["bash", "-x", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=True)


def subscriptions(moto, group):
    found = moto.client("logs").describe_subscription_filters(logGroupName=f"/aws/lambda/{group}")["subscriptionFilters"]
    return [subscription["destinationArn"].rsplit(":", 1)[-1] for subscription in found]


def readme(moto, folder):
    """The walkthrough, from an empty account."""
    blocks = blocks_of("deploy/README.md")
    assert len(blocks) >= 7, "deploy/README.md has lost its commands"
    run(moto, folder, blocks)
    functions = moto.client("lambda").list_functions()["Functions"]
    assert {function["FunctionName"] for function in functions} == {"lambda-promtail", "lambda-promtail-s3", "access-logs"}
    for group in ("checkout", "billing"):
        assert subscriptions(moto, group) == ["lambda-promtail"], group
    alarms = moto.client("cloudwatch").describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert [alarm["AlarmName"] for alarm in alarms] == ["lambda-promtail-s3"], alarms
    return len(blocks)


# Fails if a source has no function: the log group no subscription, or the bucket no enabled rule with a target.
STILL_SHIPPED = r"""
test "$(aws logs describe-subscription-filters --log-group-name /aws/lambda/checkout --query 'length(subscriptionFilters)')" -ge 1
RULES=$(aws events list-rules --query "Rules[?State=='ENABLED' && contains(EventPattern, 'example-load-balancer-logs')].Name" --output text)
test -n "$RULES"
for EACH in $RULES; do
    TARGET=$(aws events list-targets-by-rule --rule "$EACH" --query 'Targets[0].Arn' --output text)
    aws lambda get-function --function-name "$TARGET" >/dev/null
done
"""


def migration(moto, folder):
    """The way from upstream's templates, with a look after each step whether everything is still shipped."""
    moto.client("s3").create_bucket(Bucket="example-packages", CreateBucketConfiguration={"LocationConstraint": REGION})
    moto.client("s3").put_object(
        Bucket="example-packages", Key="lambda-promtail.zip", Body=(folder / "target/package/x86_64/lambda-promtail.zip").read_bytes()
    )
    parameters = {
        "WriteAddress": "https://loki.example.com/loki/api/v1/push",
        "Password": "example",
        "S3BucketName": "example-packages",
        "LogGroupToSubscribe": "/aws/lambda/checkout",
        "EventSourceS3Bucket": "example-load-balancer-logs",
    }
    moto.client("cloudformation").create_stack(
        StackName="grafana-lambda-promtail",
        TemplateBody=(ROOT / "deploy/checks/upstream_stack/template.yaml").read_text(),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    assert subscriptions(moto, "checkout") == ["GrafanaCloudLambdaPromtail"]
    blocks = blocks_of("deploy/cloudformation/from-upstream.md")
    assert len(blocks) >= 6, "the page of the migration has lost its commands"
    run(moto, folder, blocks, STILL_SHIPPED)
    assert subscriptions(moto, "checkout") == ["lambda-promtail"]
    functions = moto.client("lambda").list_functions()["Functions"]
    assert [function["FunctionName"] for function in functions] == ["lambda-promtail"], functions
    return len(blocks)


def main():
    for page, walk in (("deploy/README.md", readme), ("deploy/cloudformation/from-upstream.md", migration)):
        moto = Moto()
        try:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                prepare(moto, folder)
                blocks = walk(moto, folder)
        except subprocess.CalledProcessError as error:
            sys.exit(f"a command of {page} failed with {error.returncode}")
        finally:
            moto.close()
        print(f"{blocks} blocks of commands of {page} passed")


if __name__ == "__main__":
    main()
