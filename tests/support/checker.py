"""The Nu HTML checker: a Java program that npm brings (tests/nu), the reference for valid HTML."""

import json
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent / "nu"
JAR = FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def can_run() -> bool:
    """Whether this machine can run the checker, once it is brought."""
    return bool(shutil.which("java") and (JAR.exists() or shutil.which("npm")))


def bring():
    """Install the locked checker, unless it is there."""
    if not JAR.exists():
        quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "ci", *quietly], cwd=FOLDER, check=True)


def messages(paths: list[Path]) -> list[dict]:
    """What the checker finds in the files: `url`, `type` (error, info), `message`, `lastLine`, `extract`."""
    command = ["java", "-jar", str(JAR), "--stdout", "--exit-zero-always", "--format", "json", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["messages"]
