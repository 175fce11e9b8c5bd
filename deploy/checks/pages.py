"""The `sh` blocks of a page, and an account in moto in which they can be run."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

from moto_server import REGION

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


def run(moto, folder, blocks, after_each="", programs=None):
    """Runs blocks of commands in one shell, and other commands after each. `programs` is one more folder of the PATH."""
    # The first version of the AWS CLI overlooks AWS_ENDPOINT_URL for SQS.
    script = 'set -euo pipefail\naws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n'
    script += "".join(f"{block}\n{after_each}\n" for block in blocks)
    environment = {
        "PATH": ":".join([*([str(programs)] if programs else []), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder),
        # By this name moto finds templates in its own S3.
        "AWS_ENDPOINT_URL": moto.url.replace("127.0.0.1", "localhost"),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    subprocess.run(["bash", "-x", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True)


def subscriptions(moto, group):
    found = moto.client("logs").describe_subscription_filters(logGroupName=f"/aws/lambda/{group}")["subscriptionFilters"]
    return [subscription["destinationArn"].rsplit(":", 1)[-1] for subscription in found]
