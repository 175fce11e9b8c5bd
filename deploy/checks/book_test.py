"""Runs the `console` blocks of the book's pages against moto: the commands of the AWS CLI that set up a source.

A page's blocks run in one shell, in their order, in an account that has what the page takes for granted. A call that moto
does not support must get as far as moto: the AWS CLI then has accepted the names and the structure of all parameters.

Usage: the interpreter of deploy/checks/install, from the repository's root: python deploy/checks/book_test.py [PAGE...]
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from moto_server import REGION, Moto

BOOK = Path(__file__).resolve().parents[2] / "docs/src"
# The account in the book's examples.
ACCOUNT = "111122223333"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:lambda_promtail"

# Calls that moto does not support, each as a regular expression for the command.
WITHOUT_MOTO = [
    r"s3control create-job\b",
    r"sqs start-message-move-task\b",
    r"lambda create-event-source-mapping\b.*arn:aws:kafka:",
]


def commands(page):
    """The commands of the page's `console` blocks: lines after a prompt, with their continuations."""
    found = []
    for block in re.findall(r"^ *```console\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL):
        for command in re.findall(r"^\s*\$ ((?:.*\\\n)*.*)\n", block, re.MULTILINE):
            found.append(command)
    return found


def prepare(moto):
    """What the pages take for granted: the function, and the sources and destinations that they name."""
    urllib.request.urlopen(urllib.request.Request(f"{moto.url}/moto-api/reset", b"", method="POST")).close()
    config = json.dumps({"lambda": {"use_docker": False}}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{moto.url}/moto-api/config", config, {"Content-Type": "application/json"})).close()
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    roles = {name: moto.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"] for name in ("function", "pipe")}
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("bootstrap", "")
    moto.client("lambda").create_function(
        FunctionName="lambda_promtail", Runtime="provided.al2023", Handler="bootstrap", Role=roles["function"], Code={"ZipFile": package.getvalue()}
    )
    moto.client("logs").create_log_group(logGroupName="/aws/lambda/checkout")
    for stream in ("central-logs", "app-logs"):
        moto.client("kinesis").create_stream(StreamName=stream, ShardCount=1)
    for queue in ("app-logs", "lambda_promtail-on-failure", "s3-to-lambda-promtail-dead-letter-queue"):
        moto.client("sqs").create_queue(QueueName=queue)
    for topic in ("alarms", "on-call"):
        moto.client("sns").create_topic(Name=topic)
    moto.client("s3").create_bucket(Bucket="example-load-balancer-logs", CreateBucketConfiguration={"LocationConstraint": REGION})


def mappings(moto):
    return [mapping["EventSourceArn"].rsplit(":", 1)[-1] for mapping in moto.client("lambda").list_event_source_mappings()["EventSourceMappings"]]


def targets(moto, rule):
    return [target["Arn"] for target in moto.client("events").list_targets_by_rule(Rule=rule)["Targets"]]


def principals(moto):
    policy = json.loads(moto.client("lambda").get_policy(FunctionName="lambda_promtail")["Policy"])
    return {statement["Principal"]["Service"] for statement in policy["Statement"]}


# What the commands of a page leave behind. Pages without a row here only have calls that moto does not have.
EFFECTS = {
    "sources/cloudwatch-logs.md": lambda moto: principals(moto) == {"logs.amazonaws.com"}
    and moto.client("logs").describe_subscription_filters(logGroupName="/aws/lambda/checkout")["subscriptionFilters"][0]["destinationArn"] == FUNCTION,
    "sources/eventbridge.md": lambda moto: targets(moto, "health-to-loki") == [FUNCTION]
    and principals(moto) == {"events.amazonaws.com"}
    and moto.client("pipes").describe_pipe(Name="app-logs-to-loki")["Target"] == FUNCTION,
    "sources/kinesis.md": lambda moto: mappings(moto) == ["stream/central-logs"]
    and moto.client("lambda").get_function_configuration(FunctionName="lambda_promtail")["Environment"]["Variables"]["REPORT_BATCH_ITEM_FAILURES"] == "true",
    "sources/lambda-destinations.md": lambda moto: mappings(moto) == [],
    "sources/s3.md": lambda moto: targets(moto, "logs-to-loki") == [FUNCTION]
    and principals(moto) == {"events.amazonaws.com"},
    "sources/s3-batch-operations.md": lambda moto: principals(moto) == {"batchoperations.s3.amazonaws.com"},
    "sources/sns.md": lambda moto: moto.client("sns").list_subscriptions()["Subscriptions"][0]["Endpoint"] == FUNCTION
    and principals(moto) == {"sns.amazonaws.com"},
    "sources/sqs.md": lambda moto: mappings(moto) == ["app-logs"],
    "operations.md": lambda moto: len(moto.client("cloudwatch").describe_alarms()["MetricAlarms"]) == 1,
}


def shell(moto, folder, script):
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": moto.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }
    # The first version of the AWS CLI overlooks AWS_ENDPOINT_URL for SQS.
    prelude = 'set -euo pipefail\naws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n'
    return subprocess.run(
        ["bash", "-c", prelude + script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True, capture_output=True
    )


def run(moto, name, found):
    """What is wrong with the commands of a page, or None."""
    prepare(moto)
    script = []
    for command in found:
        flat = command.replace("\\\n", " ")
        if any(re.search(pattern, flat) for pattern in WITHOUT_MOTO):
            with tempfile.TemporaryDirectory() as folder:
                done = shell(moto, folder, command)
            if done.returncode == 0:
                return f"moto supports this call, so remove it from WITHOUT_MOTO: {command}"
            # The CLI puts the account before the host of s3control, where moto is not.
            if not re.search(r"An error occurred \(|Could not connect to the endpoint URL", done.stderr):
                return f"{command}\n{done.stderr}"
        else:
            script.append(command)
    with tempfile.TemporaryDirectory() as folder:
        done = shell(moto, folder, "set -x\n" + "\n".join(script) + "\n")
    if done.returncode != 0:
        return done.stdout + done.stderr
    if name in EFFECTS and not EFFECTS[name](moto):
        return f"the commands did not have the effect that EFFECTS names\n{done.stdout}{done.stderr}"
    return None


def main(chosen):
    pages = {str(path.relative_to(BOOK)): commands(path.read_text()) for path in sorted(BOOK.rglob("*.md"))}
    pages = {name: found for name, found in pages.items() if found and (not chosen or name in chosen)}
    missing = [] if chosen else sorted(set(EFFECTS) - set(pages))
    assert not missing, f"pages that have lost their commands: {missing}"
    moto = Moto(ACCOUNT)
    try:
        problems = {name: run(moto, name, found) for name, found in pages.items()}
    finally:
        moto.close()
    for name, problem in problems.items():
        if problem:
            print(f"docs/src/{name}:\n{problem}", file=sys.stderr)
    if any(problems.values()):
        sys.exit(1)
    print(f"{sum(len(found) for found in pages.values())} commands of {len(pages)} pages passed")


if __name__ == "__main__":
    main(sys.argv[1:])
