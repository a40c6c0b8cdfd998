class Refusal(Exception):
    """What stops a backup or a restoration: a sentence for the administrator. Nothing was changed."""
