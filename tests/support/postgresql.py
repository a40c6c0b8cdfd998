"""A throw-away PostgreSQL: a cluster of its own in a temporary directory, reached by a socket, without durability."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Debian, Homebrew (Apple, Intel), Postgres.app: none of them puts initdb on the path.
DIRECTORIES = [
    ("/usr/lib/postgresql", "*/bin"),
    ("/opt/homebrew/opt", "postgresql*/bin"),
    ("/usr/local/opt", "postgresql*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
]
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{directory}'
fsync = off
synchronous_commit = off
full_page_writes = off
timezone = 'UTC'
log_timezone = 'UTC'
"""


def binaries() -> Path | None:
    """Where the newest initdb of this machine is, if there is one."""
    found = [path for root, pattern in DIRECTORIES for path in sorted(Path(root).glob(pattern), reverse=True)]
    if config := shutil.which("pg_config"):
        found.append(Path(subprocess.run([config, "--bindir"], capture_output=True, text=True).stdout.strip()))
    if initdb := shutil.which("initdb"):
        found.append(Path(initdb).parent)
    return next((path for path in found if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


class Cluster:
    """with Cluster() as cluster: … cluster.url; stop() and start() as often as a test wants."""

    def __init__(self):
        self.binaries = binaries()
        # The path of a socket has 107 bytes at most: not below a temporary directory of pytest.
        self.directory = Path(tempfile.mkdtemp(prefix="pg-"))

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self.directory}"

    def __enter__(self):
        try:
            if os.geteuid() == 0:
                shutil.chown(self.directory, "postgres")
            locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
            self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", f"--locale={locale}", "--no-sync")
            with (self.directory / "data" / "postgresql.conf").open("a") as settings:
                settings.write(SETTINGS.format(directory=self.directory))
            self.start()
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        return self

    def __exit__(self, *error):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self):
        self._run("pg_ctl", "-w", "-s", "-l", str(self.directory / "log"), "start")

    def stop(self):
        self._run("pg_ctl", "-w", "-s", "-m", "immediate", "stop", check=False)

    def _run(self, program: str, *arguments: str, check: bool = True):
        command = [str(self.binaries / program), "-D", str(self.directory / "data"), *arguments]
        if os.geteuid() == 0:
            # PostgreSQL refuses root.
            command = ["runuser", "-u", "postgres", "--", *command]
        # A file, not a pipe: the server keeps it open, and reading a pipe would wait for its end.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            if check and done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace')}")
