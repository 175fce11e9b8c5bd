"""The package's binary under `cargo lambda watch`, with a real event from `cargo lambda invoke`.

Usage: cargo_lambda_test.py ZIP CARGO_LAMBDA_FOLDER
"""

import http.server
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ZIP, TOOLS = sys.argv[1:3]
EVENT = ROOT / "samples/cloudwatch-logs.json"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Loki(http.server.BaseHTTPRequestHandler):
    """Takes pushes in JSON."""

    pushed = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.pushed.append((self.path, json.loads(body)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class CargoLambda(unittest.TestCase):
    def setUp(self):
        loki = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Loki)
        threading.Thread(target=loki.serve_forever, daemon=True).start()
        self.addCleanup(loki.server_close)
        self.addCleanup(loki.shutdown)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        with zipfile.ZipFile(ZIP) as archive:
            archive.extract("bootstrap", folder.name)
        bootstrap = Path(folder.name, "bootstrap")
        bootstrap.chmod(0o755)

        self.port = free_port()
        self.logs = tempfile.TemporaryFile("w+")
        self.addCleanup(self.logs.close)
        self.environment = {"PATH": f"{TOOLS}:{os.environ['PATH']}", "HOME": os.environ["HOME"]}
        # The server only: it would compile the function otherwise, and this is about what is in the zip.
        self.run_beside(["cargo-lambda", "lambda", "watch", "--only-lambda-apis", *self.address()], self.environment)
        self.wait_for_server()
        self.function = self.run_beside(
            [str(bootstrap)],
            {
                "AWS_LAMBDA_RUNTIME_API": f"http://127.0.0.1:{self.port}/.rt",
                "AWS_LAMBDA_FUNCTION_NAME": "_",
                "AWS_LAMBDA_FUNCTION_VERSION": "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
                "WRITE_ADDRESS": f"http://127.0.0.1:{loki.server_port}/loki/api/v1/push",
                "PUSH_ENCODING": "json",
            },
        )

    def address(self):
        return ["--invoke-address", "127.0.0.1", "--invoke-port", str(self.port)]

    def run_beside(self, command, environment):
        command[0] = str(Path(TOOLS, command[0])) if "/" not in command[0] else command[0]
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=self.logs, stderr=self.logs)
        self.addCleanup(process.wait, 30)
        self.addCleanup(process.terminate)
        return process

    def wait_for_server(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.fail(f"cargo lambda watch does not answer: {self.log()}")

    def log(self):
        self.logs.seek(0)
        return self.logs.read()

    def invoke(self):
        command = [str(Path(TOOLS, "cargo-lambda")), "lambda", "invoke", *self.address(), "--data-file", str(EVENT)]
        try:
            invocation = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired:
            self.fail(f"the invocation has no end: {self.log()}")
        self.assertEqual(invocation.returncode, 0, f"{invocation.stdout}{invocation.stderr}{self.log()}")
        return json.loads(invocation.stdout)

    def test_an_event_is_served_and_another_by_the_same_process(self):
        for round in (1, 2):
            summary = self.invoke()
            self.assertEqual((summary["entries"], summary["failed"]), (5, 0), summary)
            self.assertEqual(len(Loki.pushed), round)
        self.assertIsNone(self.function.poll(), self.log())
        path, push = Loki.pushed[0]
        self.assertEqual(path, "/loki/api/v1/push")
        [stream] = push["streams"]
        self.assertEqual(stream["stream"]["__aws_cloudwatch_log_group"], "/aws/lambda/checkout")
        self.assertEqual(len(stream["values"]), 5)
        # A retried event is the same push.
        self.assertEqual(Loki.pushed[0], Loki.pushed[1])


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]])
