"""Runs the shell commands of deploy/README.md (its `sh` blocks; not the `bash` ones) against moto, in their order, and says what
they made: moto runs no functions, so the caller runs them, with the environments and events that are printed here.

Prints one line of JSON, and ends moto when standard input ends.

Usage: the interpreter of deploy/checks/install: python walkthrough.py PUSH_URL FOLDER_OF_LAMBDA_PROMTAIL_CLI
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from moto_server import Moto
from pages import blocks_of, prepare, run, subscriptions

LOKI = "LOKI=https://loki.example.com/loki/api/v1/push"


def walk(moto, folder, push_url, programs):
    """The walkthrough, from an account that has only log groups and buckets with logs."""
    blocks = blocks_of("deploy/README.md")
    assert len(blocks) >= 7, "deploy/README.md has lost its commands"
    assert sum(LOKI in block for block in blocks) == 1, f"deploy/README.md does not set {LOKI}"
    run(moto, folder, [block.replace(LOKI, f"LOKI={push_url}") for block in blocks], programs=programs)
    for group in ("checkout", "billing"):
        assert subscriptions(moto, group) == ["lambda-promtail"], group
    alarms = moto.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert [alarm["AlarmName"] for alarm in alarms["CompositeAlarms"]] == ["lambda-promtail-s3"], alarms
    functions = moto.client("lambda").list_functions()["Functions"]
    return {
        "moto": moto.url,
        "functions": [
            {
                "name": function["FunctionName"],
                "environment": function["Environment"]["Variables"],
                "events": [event for name, event in moto.invocations() if name == function["FunctionName"]],
            }
            for function in functions
        ],
        "alarms": [
            {"name": alarm["AlarmName"], "expressions": [query["Expression"] for query in alarm.get("Metrics", []) if "Expression" in query]}
            for alarm in alarms["MetricAlarms"]
        ],
    }


def main():
    push_url, programs = sys.argv[1:]
    moto = Moto()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            prepare(moto, folder)
            print(json.dumps(walk(moto, folder, push_url, programs)), flush=True)
        sys.stdin.read()
    except subprocess.CalledProcessError as error:
        sys.exit(f"a command of deploy/README.md failed with {error.returncode}")
    finally:
        moto.close()


if __name__ == "__main__":
    main()
