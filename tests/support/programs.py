"""Where the servers are that Debian keeps where not every account looks."""

import os
import shutil


def program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
