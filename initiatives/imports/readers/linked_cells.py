"""Cells with hyperlinks: a spreadsheet shows a text, and keeps the address that it leads to beside it."""


class LinkedCell(str):
    """The text of a cell, and the web addresses that it leads to."""

    addresses: tuple[str, ...] = ()

    @classmethod
    def to(cls, shown, addresses) -> "LinkedCell":
        cell = cls(shown)
        cell.addresses = tuple(dict.fromkeys(addresses))
        return cell


def linked(shown, addresses: list[str]):
    """The cell as it is, but for a text that leads to the web; nothing shown is the address itself."""
    web = [address for address in addresses if address.lower().startswith(("http://", "https://"))]
    if not web or not (shown is None or isinstance(shown, str)):
        return shown
    if not shown or str(shown).strip() in web:
        return "\n".join(dict.fromkeys(web))
    return LinkedCell.to(shown, web)
