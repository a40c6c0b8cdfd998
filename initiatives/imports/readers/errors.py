"""What keeps a file from being a table, in French for whoever sent it."""


class UnreadableFile(ValueError):
    """A file that is not a table of ours, with the reason in French for whoever sent it."""


class EmptyFile(UnreadableFile):
    """Nothing at all, on this sheet at least."""


class ProtectedFile(UnreadableFile):
    """A workbook that opens with a password only."""

    def __init__(self):
        super().__init__(
            "Ce classeur est protégé par un mot de passe : ouvrez-le dans un tableur, retirez le mot de passe,"
            " enregistrez-le et envoyez-le à nouveau."
        )
