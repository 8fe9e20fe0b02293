"""Trends as SVG, drawn by pygal and stripped to what a page that runs nothing may hold.

pygal brings a style sheet, a script and text for its tooltips; only the drawing is kept. Colours are classes that the
page's own style sheet knows, so that a chart follows light, dark and paper.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

_WIDTH, _HEIGHT = 640, 230
_DROPPED = frozenset(("script", "style", "defs", "desc", "title"))
_LABELS = 6
"""Dates along the axis: more would run into each other on a phone."""
_FEW = 4
"""Numbers up to which every whole one has a line."""


def trend(title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> str:
    """Return a stacked area of ``series`` over ``labels`` as an ``svg`` element; ``title`` is read aloud for it."""
    pygal = _library()
    shape = pygal.StackedLine if len(labels) > 1 else pygal.StackedBar
    chart = shape(
        css=[], js=[], width=_WIDTH, height=_HEIGHT, fill=True, show_dots=False, show_legend=False,
        no_prefix=True, x_labels=[], show_minor_x_labels=False, margin=8, margin_right=26, min_scale=3, max_scale=5,
        include_x_axis=True, truncate_label=-1, value_formatter=lambda value: f"{value:,.0f}",
    )  # fmt: skip
    most = max((sum(values) for values in zip(*series.values(), strict=True)), default=0)
    if series and most <= _FEW:  # a scale of its own choice would have halves
        chart.y_labels = range(most + 2)
    chart.x_labels = list(labels)
    step = max(1, -(-len(labels) // _LABELS))
    chart.x_labels_major = list(labels)[::-1][::step]
    for name, values in series.items():
        chart.add(name, list(values))
    drawing: ElementTree.Element = chart.render_tree()
    _strip(drawing)
    for name in [name for name in drawing.attrib if name not in ("xmlns", "class", "viewBox")]:
        del drawing.attrib[name]
    drawing.set("role", "img")
    drawing.set("aria-label", title)
    return ElementTree.tostring(drawing, encoding="unicode", short_empty_elements=True)


def _library() -> Any:
    """Import pygal, without the finder it puts into every import that follows.

    The finder is for plug-ins (``pygal.maps``), and knows only a protocol that Python 3.12 has dropped.
    """
    import pygal

    sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("pygal")]
    return pygal


def _strip(element: ElementTree.Element) -> None:
    for child in list(element):
        tag = child.tag if isinstance(child.tag, str) else "comment"
        if tag in _DROPPED or tag == "comment" or "tooltip" in child.get("class", "").split():
            element.remove(child)
        else:
            child.attrib.pop("style", None)
            _strip(child)
