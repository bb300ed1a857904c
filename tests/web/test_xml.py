"""Whatever somebody writes, a feed stays readable: what XML cannot hold is left out, nothing else."""

from __future__ import annotations

from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from hypothesis import example, given
from hypothesis import strategies as st

from app.web.xml import fit_for_xml


@given(st.text())
@example("\x00\x0b\x1b\ufffe\ud800 ]]> <b>&amp;")
def test_what_is_left_is_xml_and_reads_as_written(text: str) -> None:
    left = fit_for_xml(text)
    read = ET.fromstring(f"<t>{escape(left)}</t>".encode()).text or ""
    assert read == left.replace("\r\n", "\n").replace("\r", "\n")


@given(
    st.text(
        alphabet=st.characters(
            min_codepoint=32, exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"
        )
    )
)
def test_what_xml_can_hold_stays(text: str) -> None:
    assert fit_for_xml(text) == text
