"""The package's binary in AWS's Lambda Runtime Interface Emulator: each sample event, an event that is an error, and
settings that are an error. Prints what the emulator reported.

Usage: rie_test.py EMULATOR BOOTSTRAP
"""

import http.client
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EMULATOR, BOOTSTRAP = (str(Path(argument).absolute()) for argument in sys.argv[1:3])
INVOCATIONS = "/2015-03-31/functions/function/invocations"

# The kind of event and the number of entries of each sample.
EVENTS = {
    "samples/cloudwatch-logs.json": ("cloudwatch_logs", 5),
    "docs/samples/destination.json": ("lambda_destination", 5),
    "docs/samples/eventbridge.json": ("eventbridge", 1),
    "docs/samples/kafka.json": ("kafka", 1),
    "docs/samples/kinesis.json": ("kinesis", 3),
    "docs/samples/pipe.json": ("kinesis", 1),
    "docs/samples/sns.json": ("sns", 1),
    "docs/samples/sqs.json": ("sqs", 1),
}
# A load balancer's object, and its notification.
OBJECT = ROOT / "samples/alb.log"
KEY = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log"
NOTIFICATION = {
    "Records": [
        {
            "eventSource": "aws:s3",
            "awsRegion": "eu-west-1",
            "eventTime": "2026-03-04T05:10:00.000Z",
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": "my-logs"}, "object": {"key": KEY, "size": OBJECT.stat().st_size}},
        }
    ]
}

reports = []


class LokiAndS3(http.server.BaseHTTPRequestHandler):
    """Takes pushes in JSON, and gives the one object."""

    pushed = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.pushed.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def do_GET(self):
        content = OBJECT.read_bytes() if KEY in self.path else b""
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", "Wed, 04 Mar 2026 05:10:00 GMT")
        self.send_header("ETag", '"0a1b2c3d4e5f60718293a4b5c6d7e8f9"')
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Emulator:
    """An emulator, which starts the binary at the first event."""

    def __init__(self, test, settings):
        self.test, self.port = test, free_port()
        self.logs = tempfile.TemporaryFile("w+", errors="replace")
        test.addCleanup(self.logs.close)
        addresses = (f"--runtime-api-address=127.0.0.1:{free_port()}", f"--runtime-interface-emulator-address=127.0.0.1:{self.port}")
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_FUNCTION_NAME": "lambda-promtail",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": "30",
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_SESSION_TOKEN": "example",
            **settings,
        }
        process = subprocess.Popen([EMULATOR, *addresses, BOOTSTRAP], env=environment, stdin=subprocess.DEVNULL, stdout=self.logs, stderr=self.logs)
        # It ends the function too.
        test.addCleanup(process.wait, 30)
        test.addCleanup(process.terminate)
        self.wait()

    def wait(self):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.test.fail(f"the emulator does not answer: {self.log()}")

    def invoke(self, event):
        """Returns the status and the payload of the response."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", INVOCATIONS, json.dumps(event))
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        try:
            return response.status, json.loads(body)
        except ValueError:
            self.test.fail(f"{response.status}, and the payload is not JSON: {body!r}\n{self.log()}")

    def log(self):
        self.logs.seek(0)
        return self.logs.read()

    def reported(self, pattern):
        """Returns what the emulator's log has of this pattern, and keeps it for the end."""
        found = [match.group() for match in re.finditer(pattern, self.log())]
        reports.extend(found)
        return found


class RuntimeInterfaceEmulator(unittest.TestCase):
    def setUp(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), LokiAndS3)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        LokiAndS3.pushed.clear()
        address = f"http://127.0.0.1:{server.server_port}"
        self.settings = {"WRITE_ADDRESS": f"{address}/loki/api/v1/push", "PUSH_ENCODING": "json", "AWS_ENDPOINT_URL_S3": address}

    def ship(self, emulator, event, source, entries):
        """Invokes it twice, and checks payloads and pushes."""
        pushes = []
        for _ in range(2):
            LokiAndS3.pushed.clear()
            status, summary = emulator.invoke(event)
            self.assertEqual(status, 200, f"{summary}\n{emulator.log()}")
            self.assertEqual((summary.get("source"), summary.get("entries"), summary.get("failed")), (source, entries, 0), f"{summary}\n{emulator.log()}")
            pushes.append(list(LokiAndS3.pushed))
        streams = [stream for push in pushes[0] for stream in push["streams"]]
        self.assertEqual(sum(len(stream["values"]) for stream in streams), entries)
        self.assertTrue(all("__aws_log_type" in stream["stream"] for stream in streams), streams)
        self.assertEqual(*pushes, "a retried event is the same push")

    def test_every_sample_event_is_shipped(self):
        samples = {str(path.relative_to(ROOT)) for folder in ("samples", "docs/samples") for path in (ROOT / folder).glob("*.json")}
        self.assertEqual(samples, set(EVENTS), "EVENTS says what is expected of each sample")
        emulator = Emulator(self, self.settings)
        for path, (source, entries) in EVENTS.items():
            with self.subTest(path):
                self.ship(emulator, json.loads((ROOT / path).read_text()), source, entries)
        with self.subTest("samples/alb.log"):
            self.ship(emulator, NOTIFICATION, "s3", len(OBJECT.read_text().splitlines()))

        log = emulator.log()
        self.assertIn("INIT RTDONE(status: success)", log)
        # One process served them all.
        self.assertEqual(len(emulator.reported(r"INIT REPORT\(durationMs: [\d.]+\)")), 1, log)
        invocations = 2 * (len(EVENTS) + 1)
        self.assertEqual(log.count("INVOKE RTDONE(status: success"), invocations, log)
        self.assertEqual(len(emulator.reported(r"(?m)^REPORT RequestId: .*$")), invocations, log)

    def test_an_event_that_is_an_error_and_the_next_event(self):
        emulator = Emulator(self, self.settings)
        status, error = emulator.invoke({"an": "event of nothing"})
        # The emulator answers 200 to an error of the function; the payload says what it is.
        self.assertEqual((status, error.get("errorType")), (200, "InvalidEvent"), emulator.log())
        self.assertIn('unknown kind of event, with the top-level keys "an"', error["errorMessage"])
        event = json.loads((ROOT / "samples/cloudwatch-logs.json").read_text())
        self.ship(emulator, event, "cloudwatch_logs", 5)
        self.assertEqual(len(emulator.reported(r"INIT REPORT\(durationMs: [\d.]+\)")), 1, emulator.log())

    def test_settings_that_are_an_error(self):
        emulator = Emulator(self, {**self.settings, "BATCH_SIZE": "128k"})
        status, error = emulator.invoke({})
        self.assertEqual((status, error.get("errorType")), (502, "InvalidSettings"), emulator.log())
        self.assertIn("BATCH_SIZE", error["errorMessage"])
        self.assertIn("INIT RTDONE(status: error)", emulator.log())
        self.assertIn("Runtime exited with error: exit status 1", emulator.log())
        self.assertTrue(emulator.reported(r"INIT REPORT\(durationMs: [\d.]+\)"))
        self.assertEqual(LokiAndS3.pushed, [])


if __name__ == "__main__":
    tests = unittest.main(verbosity=2, argv=[sys.argv[0]], exit=False)
    print("the emulator's reports:", *reports, sep="\n  ")
    sys.exit(not tests.result.wasSuccessful())
