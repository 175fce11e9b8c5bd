"""Runs the shell commands of deploy/cloudformation/from-upstream.md (its `sh` blocks; not the `bash` ones) against moto, in
their order.

Usage: the interpreter of deploy/checks/install, from the repository's root: python deploy/checks/migration_test.py
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from moto_server import REGION, Moto
from pages import ROOT, blocks_of, prepare, run, subscriptions

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
    moto = Moto()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            prepare(moto, folder)
            blocks = migration(moto, folder)
    except subprocess.CalledProcessError as error:
        sys.exit(f"a command of the page failed with {error.returncode}")
    finally:
        moto.close()
    print(f"{blocks} blocks of commands of deploy/cloudformation/from-upstream.md passed")


if __name__ == "__main__":
    main()
