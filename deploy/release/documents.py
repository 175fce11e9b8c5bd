"""Makes what a release has beside its binaries.

Usage: documents.py all FOLDER             the CloudFormation template, the Terraform module, the notes
       documents.py cli BINARY ARCHIVE     the archive of the command line
       documents.py checksums FOLDER       SHA256SUMS of all files of the folder

PACKAGE_BUCKET, if set, is the bucket that the template takes the function's zip from. GITHUB_REPOSITORY, if set, is the
OWNER/NAME that links lead to. The same commit gives the same bytes.
"""

import gzip
import hashlib
import io
import os
import re
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "deploy/terraform"
# What a module's users need: not its tests, and not what `tofu init` leaves.
MODULE_FILES = ("*.tf", "*.md", "examples/*/*.tf", "examples/*/*.md")
REPOSITORY = os.environ.get("GITHUB_REPOSITORY", "OWNER/REPOSITORY")
VERSION = re.search(r'(?m)^\[workspace\.package\]\nversion = "(.+)"$', (ROOT / "Cargo.toml").read_text()).group(1)


def replace_once(text, old, new):
    """Replaces what must be there exactly once: otherwise the source has changed, and this program has not."""
    if text.count(old) != 1:
        sys.exit(f"{old!r} is there {text.count(old)} times, not once")
    return text.replace(old, new)


def write_archive(target, files):
    """Writes a tar.gz of (name, content, mode) in which nothing depends on the time or the user."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as compressed, tarfile.open(fileobj=compressed, mode="w") as archive:
        for name, content, mode in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    target.write_bytes(packed.getvalue())


def template():
    """Returns the template whose parameters for the function's code have the defaults of this release."""
    text = (ROOT / "deploy/cloudformation/template.yaml").read_text()
    text = replace_once(text, "    Default: lambda-promtail.zip\n", f"    Default: lambda-promtail/{VERSION}/lambda-promtail-x86_64.zip\n")
    if bucket := os.environ.get("PACKAGE_BUCKET"):
        found = re.search(r"(?m)^  S3BucketName:\n(?:    .*\n)*?    Default: ''\n", text).group()
        text = replace_once(text, found, found.replace("Default: ''", f"Default: {bucket}"))
    return replace_once(text, "\nDescription: Ships logs", f"\nDescription: lambda-promtail {VERSION}. Ships logs")


def module_page(path, text):
    """Returns a page of the module with links that lead out of the module turned into links to the repository."""

    def link(found):
        target, _, section = found.group(1).partition("#")
        outside = (path.parent / target).resolve()
        if not target or "://" in target or outside.is_relative_to(MODULE):
            return found.group()
        return f"](https://github.com/{REPOSITORY}/blob/v{VERSION}/{outside.relative_to(ROOT)}{section and '#' + section})"

    return re.sub(r"\]\(([^)\s]+)\)", link, text)


def module():
    """Returns the files of the Terraform module, with the module at their root."""
    paths = sorted(path for pattern in MODULE_FILES for path in MODULE.glob(pattern))
    for path in paths:
        text = path.read_text()
        if path.suffix == ".md":
            text = module_page(path, text)
        if path == MODULE / "main.tf":
            text = replace_once(text, "${path.module}/../../target/package/${var.architecture}/lambda-promtail.zip", "${path.module}/lambda-promtail-${var.architecture}.zip")
            text = replace_once(text, "make it with deploy/package, or set", "put the release's there, or set")
        yield str(path.relative_to(MODULE)), text.encode(), 0o644
    yield "LICENSE", (ROOT / "LICENSE").read_bytes(), 0o644


def notes():
    """Returns the changelog's section about this version."""
    text = (ROOT / "CHANGELOG.md").read_text()
    section = re.search(rf"(?ms)^## \[{re.escape(VERSION)}\].*?\n(.*?)(?=^## \[|^\[|\Z)", text)
    if section is None or not section.group(1).strip():
        sys.exit(f"CHANGELOG.md has no section [{VERSION}], which is the version in Cargo.toml")
    text = re.sub(r"\]\((docs/[^)]+)\)", rf"](https://github.com/{REPOSITORY}/blob/v{VERSION}/\1)", section.group(1))
    return f"# lambda-promtail {VERSION}\n\n{text.strip()}\n"


def write_documents(folder):
    (folder / "lambda-promtail.template.yaml").write_text(template())
    write_archive(folder / "terraform-aws-lambda-promtail.tar.gz", module())
    (folder / "RELEASE_NOTES.md").write_text(notes())


def write_cli(binary, archive):
    files = [("lambda-promtail-cli", Path(binary).read_bytes(), 0o755), ("LICENSE", (ROOT / "LICENSE").read_bytes(), 0o644)]
    write_archive(Path(archive), files)


def write_checksums(folder):
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def main(what, *arguments):
    if what == "all":
        write_documents(Path(*arguments))
    elif what == "cli":
        write_cli(*arguments)
    elif what == "checksums":
        write_checksums(Path(*arguments))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
