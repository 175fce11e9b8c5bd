"""Runs the shell commands of deploy/README.md (its `sh` blocks; not the `bash` ones) against moto, in their order.

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


def main():
    text = (ROOT / "deploy/README.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 7, "deploy/README.md has lost its commands"
    # The first version of the AWS CLI overlooks AWS_ENDPOINT_URL for SQS.
    script = 'set -euo pipefail\naws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n' + "".join(f"{block}\n" for block in blocks)
    moto = Moto()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            prepare(moto, folder)
            environment = {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "HOME": name,
                # By this name moto finds templates in its own S3.
                "AWS_ENDPOINT_URL": moto.url.replace("127.0.0.1", "localhost"),
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_EC2_METADATA_DISABLED": "true",
            }
            subprocess.run(["bash", "-x", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=True)
        functions = moto.client("lambda").list_functions()["Functions"]
        assert {function["FunctionName"] for function in functions} == {"lambda-promtail", "lambda-promtail-s3", "access-logs"}
        for group in ("checkout", "billing"):
            [subscription] = moto.client("logs").describe_subscription_filters(logGroupName=f"/aws/lambda/{group}")["subscriptionFilters"]
            assert subscription["destinationArn"].endswith(":function:lambda-promtail"), subscription
    except subprocess.CalledProcessError as error:
        sys.exit(f"a command of deploy/README.md failed with {error.returncode}")
    finally:
        moto.close()
    print(f"{len(blocks)} blocks of commands passed")


if __name__ == "__main__":
    main()
