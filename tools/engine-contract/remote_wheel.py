"""Files of a published wheel, read by HTTP range requests: the engine's own is 336 MB, its sources a few."""

import io
import json
import subprocess
import sys
import tempfile
import urllib.request
import zipfile


def find_wheel(package: str, version: str) -> tuple[str, str]:
    """Address and SHA-256 of the Linux wheel, as pip resolves it from its own configured index."""
    with tempfile.TemporaryDirectory() as target:
        report = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps"]
            + ["--ignore-installed", "--report", "-", "--target", target]
            + ["--only-binary=:all:", "--python-version", "3.12"]
            + ["--platform", "manylinux_2_28_x86_64", f"{package}=={version}"],
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
    found = json.loads(report)["install"][0]["download_info"]
    return found["url"], found["archive_info"]["hashes"]["sha256"]


def open_wheel(url: str) -> zipfile.ZipFile:
    # The directory of a zip lies at its end; a large buffer reads it in one or two requests.
    return zipfile.ZipFile(io.BufferedReader(RangeFile(url), 1 << 20))


class RangeFile(io.RawIOBase):
    """A file on a server, as far as it is read."""

    def __init__(self, url: str):
        self.url = url
        self.position = 0
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD")) as answer:
            self.size = int(answer.headers["Content-Length"])

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        return self.position

    def readinto(self, buffer) -> int:
        end = min(self.position + len(buffer), self.size)
        if end <= self.position:
            return 0
        request = urllib.request.Request(self.url, headers={"Range": f"bytes={self.position}-{end - 1}"})
        with urllib.request.urlopen(request) as answer:
            # A server without ranges would send the whole file.
            if answer.status != 206:
                raise OSError(f"{self.url}: the server sends no ranges (status {answer.status})")
            data = answer.read()
        buffer[: len(data)] = data
        self.position += len(data)
        return len(data)
