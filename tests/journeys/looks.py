"""How a page is looked at: what axe finds in both themes, wide and narrow, sideways scrolling,
sizes of targets and text.
"""

from __future__ import annotations

from pathlib import Path

AXE = (Path(__file__).parent.parent / "vendor" / "axe-core-4.14.1.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = (
    "axe.run(document, {{runOnly: {}}}).then(r => r.violations.map("
    "v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 2).join(' | ')))"
)
# All rules at each width; in its other theme, where only colours differ, those of colours.
LOOKS = (
    (1440, "light", TAGS),
    (1440, "dark", COLOURS),
    (390, "dark", TAGS),
    (390, "light", COLOURS),
)
WIDTHS = (320, 390, 768, 1180)
# Links and controls outside of the invisible; boxes have labels that are pressed as well.
SMALL = """() => [...document.querySelectorAll(`main :is(a,button,select,summary),
        main input:not([type=hidden],[type=checkbox],[type=radio]), header :is(a,button)`)]
    .filter(e => !e.closest(".visually-hidden, [aria-hidden=true]"))
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, r]) => r.width && r.height && (r.width < 23.5 || r.height < 23.5))
    .map(([e, r]) => [Math.round(r.width), Math.round(r.height), e.outerHTML.slice(0, 80)])
    .map(([width, height, tag]) => `${width}x${height} ${tag}`).slice(0, 3)"""

# Sizes of the text that is seen, but for the initials in the faces of people, with the first words
# of each.
LETTERS = """() => {
    const sizes = {}, hidden = ".face, .faces > b, .visually-hidden, option, noscript, script";
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const note = (e, words) => {
        sizes[parseFloat(getComputedStyle(e).fontSize)] ??= words.trim().slice(0, 30);
    };
    const isSeen = e => e.checkVisibility() && !e.closest(hidden);
    while (texts.nextNode()) {
        const text = texts.currentNode, e = text.parentElement, range = document.createRange();
        range.selectNodeContents(text);
        const { width } = range.getBoundingClientRect();
        if (text.data.trim() && isSeen(e) && width >= 1) note(e, text.data);
    }
    const boxes = "input:not([type=hidden],[type=checkbox],[type=radio]), select, textarea";
    for (const e of document.querySelectorAll(boxes)) if (isSeen(e)) note(e, e.name);
    return sizes; }"""
MOST_SIZES, SMALLEST = 4, 12
# Buttons in the head of a card, which has room above and beneath them.
TOUCHING = """() => [...document.querySelectorAll(":is(.card-p, .hit) > header .btn")]
    .filter(e => e.checkVisibility())
    .filter(e => {
        const b = e.getBoundingClientRect(), h = e.closest("header").getBoundingClientRect();
        return b.top - h.top < 4 || h.bottom - b.bottom < 4;
    })
    .map(e => e.outerHTML.slice(0, 80))"""


def look_at(page, looks=LOOKS) -> list[str]:
    """What is wrong with the page as it stands; it is not loaded again, so that whatever was opened
    stays open.
    """
    page.context.new_cdp_session(page).send(
        "Runtime.evaluate", {"expression": f"{AXE};0"}
    )  # the content policy does not bind the debugger
    return [
        *_barriers(page, looks),
        *sideways(page),
        *(f"small: {target}" for target in page.evaluate(SMALL)),
        *_letters(page),
    ]


def _barriers(page, looks):
    for width, theme, rules in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        yield from (f"{width} {theme}: {found}" for found in page.evaluate(RUN.format(rules)))


def _letters(page):
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        sizes = page.evaluate(LETTERS)
        if len(sizes) > MOST_SIZES or min(map(float, sizes)) < SMALLEST:
            yield f"{width}: sizes of text {sizes}"
        yield from (f"{width}: touches the border: {button}" for button in page.evaluate(TOUCHING))


def sideways(page, widths=WIDTHS):
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if (beyond := page.evaluate("document.documentElement.scrollWidth") - width) > 0:
            yield f"{width}: {beyond} pixels beyond the right edge"
