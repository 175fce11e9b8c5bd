"""Uses the artefacts of a release as a user would: compares checksums, unpacks and runs each binary, lints the template,
makes a repository of the Terraform module and lets OpenTofu take the module from it by its tag.

Usage: verify.py FOLDER VERSION

Needs on the PATH: tofu, with TF_CLI_CONFIG_FILE naming where it finds the AWS provider; cfn-lint; git; for binaries of
the other architecture qemu, with QEMU_LD_PREFIX naming the folder of their C library.
"""

import importlib.util
import json
import os
import platform
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER, VERSION = Path(sys.argv[1]).resolve(), sys.argv[2]
spec = importlib.util.spec_from_file_location("package_zip", ROOT / "deploy/package_zip.py")
package_zip = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package_zip)

ARCHITECTURES = ("x86_64", "arm64")
FILES = {
    *(f"lambda-promtail-{architecture}.zip" for architecture in ARCHITECTURES),
    *(f"lambda-promtail-cli-linux-{architecture}.tar.gz" for architecture in ARCHITECTURES),
    *(f"{package}-{architecture}.cdx.json" for package in ("lambda-promtail", "lambda-promtail-cli") for architecture in ARCHITECTURES),
    "lambda-promtail.template.yaml",
    "terraform-aws-lambda-promtail.tar.gz",
    "RELEASE_NOTES.md",
    "SHA256SUMS",
}
PT_INTERP = 3


def run(*command, **options):
    """Runs a command with little of this environment, and returns its output and whether it succeeded."""
    options.setdefault("env", {name: os.environ[name] for name in ("PATH", "HOME", "QEMU_LD_PREFIX") if name in os.environ})
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, **options)
    return done.stdout, done.returncode == 0


def runner(architecture):
    """Returns the command before a binary of this architecture."""
    own = platform.machine().replace("aarch64", "arm64")
    if architecture == own:
        return []
    cpu = architecture.replace("arm64", "aarch64")
    return [f"qemu-{cpu}"]


def is_static(elf):
    """Returns whether the program names no loader of dynamic libraries."""
    offset, size, count = struct.unpack_from("<Q", elf, 32)[0], *struct.unpack_from("<HH", elf, 54)
    return all(struct.unpack_from("<I", elf, offset + index * size)[0] != PT_INTERP for index in range(count))


class Release(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def succeeds(self, *command, **options):
        output, good = run(*command, **options)
        self.assertTrue(good, output)
        return output

    def test_it_has_these_files_and_their_checksums(self):
        self.assertEqual({path.name for path in FOLDER.iterdir()}, FILES)
        output = self.succeeds("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=FOLDER)
        self.assertEqual(output.count(": OK"), len(FILES) - 1, output)

    def test_each_zip_has_a_bootstrap_that_lambda_can_start(self):
        for architecture in ARCHITECTURES:
            with self.subTest(architecture):
                with zipfile.ZipFile(FOLDER / f"lambda-promtail-{architecture}.zip") as archive:
                    archive.extract("bootstrap", self.folder)
                bootstrap = self.folder / "bootstrap"
                bootstrap.chmod(0o755)
                self.assertLessEqual(package_zip.check(bootstrap.read_bytes(), architecture), package_zip.GLIBC)
                output, good = run(*runner(architecture), bootstrap)
                # There is no Runtime API here.
                self.assertFalse(good)
                self.assertIn("AWS_LAMBDA_RUNTIME_API is not set", output)

    def test_each_command_line_ships_a_sample(self):
        for architecture in ARCHITECTURES:
            with self.subTest(architecture):
                with tarfile.open(FOLDER / f"lambda-promtail-cli-linux-{architecture}.tar.gz") as archive:
                    archive.extractall(self.folder, filter="data")
                binary = self.folder / "lambda-promtail-cli"
                elf = binary.read_bytes()
                if is_static(elf):
                    print(f"{architecture}: static", end=" ")
                else:
                    # The glibc of Debian 12, Ubuntu 22.04 and Amazon Linux 2023, or older.
                    needed = package_zip.check(elf, architecture)
                    print("{}: glibc {}.{}".format(architecture, *needed), end=" ")
                command = [*runner(architecture), binary]
                self.assertEqual(self.succeeds(*command, "--version").strip(), f"lambda-promtail-cli {VERSION}")
                output = self.succeeds(*command, "ship", ROOT / "samples/cloudwatch-logs.json")
                self.assertIn('__aws_cloudwatch_log_group="/aws/lambda/checkout"', output)

    def test_each_bill_of_materials_names_what_is_linked(self):
        locked = (ROOT / "Cargo.lock").read_text()
        for path in FOLDER.glob("*.cdx.json"):
            with self.subTest(path.name):
                bill = json.loads(path.read_text())
                self.assertEqual((bill["bomFormat"], bill["specVersion"]), ("CycloneDX", "1.6"))
                program = bill["metadata"]["component"]
                self.assertEqual((program["name"], program["version"]), (re.sub("-(x86_64|arm64).cdx.json", "", path.name), VERSION))
                components = {component["bom-ref"]: component for component in bill["components"]}
                for component in components.values():
                    self.assertIn(f'name = "{component["name"]}"\nversion = "{component["version"]}"\n', locked)
                    self.assertTrue(component["licenses"][0]["expression"])
                names = {component["name"] for component in components.values()}
                self.assertLessEqual({"aws-sdk-s3", "lambda_runtime", "loki-client", "rustls", "zlib-rs"}, names)
                # Each is reached from the program.
                reached, left = set(), [program["bom-ref"]]
                edges = {entry["ref"]: entry["dependsOn"] for entry in bill["dependencies"]}
                while left:
                    reference = left.pop()
                    if reference not in reached:
                        reached.add(reference)
                        left.extend(edges[reference])
                self.assertEqual(reached, {program["bom-ref"], *components})

    def test_the_template_is_one_and_its_defaults_are_this_release(self):
        template = FOLDER / "lambda-promtail.template.yaml"
        self.succeeds("cfn-lint", "--", template)
        text = template.read_text()
        self.assertIn(f"    Default: lambda-promtail/{VERSION}/lambda-promtail-x86_64.zip\n", text)

    def test_the_notes_are_about_this_version(self):
        notes = (FOLDER / "RELEASE_NOTES.md").read_text()
        self.assertTrue(notes.startswith(f"# lambda-promtail {VERSION}\n"))
        self.assertIn("### Added", notes)
        self.assertNotIn("](docs/", notes)

    def test_the_module_is_taken_from_a_repository_by_its_tag(self):
        repository = self.folder / "terraform-aws-lambda-promtail"
        with tarfile.open(FOLDER / "terraform-aws-lambda-promtail.tar.gz") as archive:
            archive.extractall(repository, filter="data")
        git = ("git", "-c", "user.name=release", "-c", "user.email=release@example.com", "-c", "init.defaultBranch=main")
        for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", VERSION], ["tag", f"v{VERSION}"]):
            self.succeeds(*git, *arguments, cwd=repository)
        user = self.folder / "user"
        user.mkdir()
        (user / "main.tf").write_text(
            'provider "aws" {\n  region = "eu-west-1"\n}\n\n'
            'module "lambda_promtail" {\n'
            f'  source = "git::file://{repository}?ref=v{VERSION}"\n\n'
            '  write_address                 = "https://loki.example.com/loki/api/v1/push"\n'
            '  log_group_names               = ["/aws/lambda/checkout"]\n'
            '  lambda_promtail_binary_bucket = "example-packages"\n'
            "}\n"
        )
        environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME") or name.startswith(("TF_", "CHECKPOINT_"))}
        self.succeeds("tofu", "init", "-no-color", cwd=user, env=environment)
        self.succeeds("tofu", "validate", "-no-color", cwd=user, env=environment)
        # Its examples name the module by a path, which still leads to it.
        example = repository / "examples/cloudwatch"
        self.succeeds("tofu", "init", "-no-color", cwd=example, env=environment)
        self.succeeds("tofu", "validate", "-no-color", cwd=example, env=environment)
        for page in repository.rglob("*.md"):
            for link in re.findall(r"\]\(([^)\s#]+)", page.read_text()):
                self.assertTrue("://" in link or (page.parent / link).exists(), f"{page.relative_to(repository)}: {link}")


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]])
