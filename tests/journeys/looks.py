"""How a page is looked at: what axe finds in both themes, wide and narrow, and whether it scrolls sideways."""

from __future__ import annotations

from pathlib import Path

AXE = (Path(__file__).parent.parent / "vendor" / "axe-core-4.14.1.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"axe.run(document, {{runOnly: {TAGS}}}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 2).join(' | ')))"
LOOKS = ((1440, "light"), (1440, "dark"), (390, "dark"), (390, "light"))
WIDTHS = (320, 390, 768, 1180)
# Links and controls outside of the invisible; boxes have labels that are pressed as well.
SMALL = """() => [...document.querySelectorAll("main :is(a,button,select,summary), main input:not([type=hidden],[type=checkbox],[type=radio]), header :is(a,button)")]
    .filter(e => !e.closest(".visually-hidden, [aria-hidden=true]") && !e.classList.contains("visually-hidden"))
    .map(e => [e, e.getBoundingClientRect()]).filter(([e, r]) => r.width && r.height && (r.width < 23.5 || r.height < 23.5))
    .map(([e, r]) => `${Math.round(r.width)}x${Math.round(r.height)} ${e.outerHTML.slice(0, 80)}`).slice(0, 3)"""


def look_at(page, looks=LOOKS) -> list[str]:
    """What is wrong with the page as it stands; it is not loaded again, so that whatever was opened stays open."""
    page.context.new_cdp_session(page).send(
        "Runtime.evaluate", {"expression": f"{AXE};0"}
    )  # the content policy does not bind the debugger
    return [
        *_barriers(page, looks),
        *_sideways(page),
        *(f"small: {target}" for target in page.evaluate(SMALL)),
    ]


def _barriers(page, looks):
    for width, theme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        yield from (f"{width} {theme}: {found}" for found in page.evaluate(RUN))


def _sideways(page):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (beyond := page.evaluate("document.documentElement.scrollWidth") - width) > 0:
            yield f"{width}: {beyond} pixels beyond the right edge"
