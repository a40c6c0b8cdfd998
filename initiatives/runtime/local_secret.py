"""SECRET_KEY of a local installation."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def local_secret(folder: Path) -> str:
    """The secret of the local installation, drawn once and kept in a folder for this user only."""
    path = folder / "secret_key"
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Renamed when it is whole: another process must not read half a secret.
            draft = folder / f"secret_key.{os.getpid()}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(64))
            draft.replace(path)
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(f"The secret of this installation cannot be kept in {folder}: {error.strerror}.")
