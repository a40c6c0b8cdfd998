"""The logo of a cover: a drawing, or a sentence that says why not."""

import pytest
from django.core.exceptions import ValidationError

from initiatives.publication.logos import MAX_BYTES, checked
from tests.support.logos import HEAD, png, svg

pytestmark = pytest.mark.no_database

# Each group draws the one before ten times: a hundred million shapes.
DOUBLING = b'<defs><rect id="a0" width="1" height="1"/>'
DOUBLING += b"".join(b'<g id="a%d">' % n + b'<use xlink:href="#a%d"/>' % (n - 1) * 10 + b"</g>" for n in range(1, 9))
DOUBLING += b'</defs><use xlink:href="#a8"/>'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (svg(), "svg"),
        (b'<?xml version="1.0"?>\n<!-- fait main -->\n' + svg(), "svg"),
        (svg(b'<defs><path id="a" d="M0 0h9"/></defs><use xlink:href="#a" fill="url(#b)"/>'), "svg"),
        (svg(b'<n:view xmlns:n="http://www.inkscape.org/namespaces/inkscape"/><rect width="9" height="9"/>'), "svg"),
        (svg(b'<g id="a"><use xlink:href="#a"/></g>'), "svg"),
        (svg().replace(b'"9"', b'"1e12"'), "svg"),
        (png(), "png"),
    ],
)
def test_a_drawing_is_taken(data, kind):
    assert checked(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        svg(b"<script>alert(1)</script>"),
        svg(b'<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'),
        svg(b'<rect onload="alert(1)"/>'),
        svg(b'<image href="https://example.org/a.png"/>'),
        svg(b'<use xlink:href="https://example.org/a.svg#b"/>'),
        svg(b'<use xlink:href="data:image/svg+xml;base64,AAAA"/>'),
        svg(b'<a xlink:href="javascript:alert(1)"><rect/></a>'),
        svg(b"<foreignObject><p>x</p></foreignObject>"),
        svg(b'<animate attributeName="x"/>'),
        svg(b'<style>@import "https://example.org/a.css";</style>'),
        svg(b'<rect style="fill:url(https://example.org/a)"/>'),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(b"<text>&a;</text>"),
        b"<html><body>x</body></html>",
        b"alert(1)",
        b"#!/bin/sh\nrm -rf /",
        b"GIF89a",
        b"",
        png()[:40],
        png(side=2)[:-20],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"<svg" + b" " * MAX_BYTES,
        HEAD,
        svg(b"<g>" * 20_000 + b"</g>" * 20_000),
        svg(DOUBLING),
        svg("<text>日本 🙂</text>".encode()),
        b"<?xml version='1.0' encoding='inconnu'?><svg/>",
    ],
)
def test_anything_else_is_refused_with_a_sentence(data):
    with pytest.raises(ValidationError) as refused:
        checked(data)
    assert "logo" in refused.value.messages[0]
