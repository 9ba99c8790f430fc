"""Draws the image of an achievement that has none of its own: the same hexagon as SVG and as PNG."""

import io
import math
from functools import cache
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

from badges.openbadges.design import LINE_HEIGHT, Design, Line

UNITS = 512
OVERSAMPLING = 3
CENTRE = 256.0
WHITE = "#ffffff"
FACES = ("DejaVuSans-Bold.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")

Point = tuple[float, float]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

OUTER, RIM, FIELD = 246.0, 232.0, 222.0
MEDAL_AT, MEDAL_RADIUS = (CENTRE, 150.0), 66.0
TITLE_MIDDLE = 322.0
LEVEL_AT = 417.0
RIBBON_TOP, RIBBON_BOTTOM = 252.0, 392.0


def hexagon(radius: float) -> list[Point]:
    """The corners of a hexagon that stands on its tip, around the centre."""
    turns = (math.radians(60 * corner - 90) for corner in range(6))
    return [(CENTRE + radius * math.cos(turn), CENTRE + radius * math.sin(turn)) for turn in turns]


def rays(design: Design) -> list[list[Point]]:
    """Twelve thin rays behind the medal; the seed turns them, so that two badges of one colour differ."""
    found = []
    for number in range(12):
        turn = math.radians(30 * number + 2.5 * design.turn)
        found.append([_around(turn, 78), _around(turn - 0.045, 118), _around(turn + 0.045, 118)])
    return found


def draw_svg(design: Design) -> bytes:
    """The badge as SVG: text and shapes only, nothing that runs or loads."""
    palette = design.palette
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {UNITS} {UNITS}" '
        f'width="{UNITS}" height="{UNITS}" role="img" aria-labelledby="badge-title">'
        f'<title id="badge-title">{escape(design.description)}</title>',
        '<defs><linearGradient id="field" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{palette.bright}"/><stop offset="1" stop-color="{palette.deep}"/>'
        f'</linearGradient><clipPath id="inside">{_polygon(hexagon(FIELD), palette.deep)}</clipPath></defs>',
        _polygon(hexagon(OUTER), palette.ribbon),
        _polygon(hexagon(RIM), palette.accent),
        _polygon(hexagon(FIELD), "url(#field)"),
        '<g clip-path="url(#inside)">',
        *(_polygon(ray, palette.accent, opacity=0.55) for ray in rays(design)),
        "</g>",
        _band(RIBBON_TOP, RIBBON_BOTTOM - RIBBON_TOP, palette.ribbon),
        *(_band(top, 4, palette.accent) for top in (RIBBON_TOP, RIBBON_BOTTOM - 4)),
        f'<circle cx="{MEDAL_AT[0]}" cy="{MEDAL_AT[1]}" r="{MEDAL_RADIUS}" fill="{palette.ribbon}" '
        f'stroke="{palette.accent}" stroke-width="5"/>',
        *(_svg_text(line, middle) for line, middle in _lines(design)),
        "</svg>",
    ]
    return "".join(parts).encode("utf-8")


def draw_png(design: Design, size: int = UNITS) -> bytes:
    """The badge as a square PNG with a transparent ground, `size` pixels wide."""
    scale = size * OVERSAMPLING / UNITS
    side = size * OVERSAMPLING
    palette = design.palette
    canvas = Image.new("RGBA", (side, side), _transparent(palette.ribbon))
    drawing = ImageDraw.Draw(canvas)
    drawing.polygon(_scaled(hexagon(OUTER), scale), fill=palette.ribbon)
    drawing.polygon(_scaled(hexagon(RIM), scale), fill=palette.accent)
    canvas.paste(_field(design, side, scale), (0, 0), _mask(side, scale))
    medal = [coordinate * scale for coordinate in _box(MEDAL_AT, MEDAL_RADIUS + 2.5)]
    drawing.ellipse(medal, fill=palette.ribbon, outline=palette.accent, width=round(5 * scale))
    for line, middle in _lines(design):
        _draw_text(drawing, line, middle, scale)
    output = io.BytesIO()
    canvas.resize((size, size), Image.Resampling.LANCZOS).save(output, "PNG", optimize=True)
    return output.getvalue()


def _lines(design: Design) -> list[tuple[Line, float]]:
    """Every text with the height of its middle."""
    initials_size = {1: 72, 2: 58, 3: 44}.get(len(design.initials), 34)
    placed = [(Line(design.initials, initials_size), MEDAL_AT[1])]
    spacing = design.title[0].size * LINE_HEIGHT
    top = TITLE_MIDDLE - spacing * (len(design.title) - 1) / 2
    placed += [(line, top + number * spacing) for number, line in enumerate(design.title)]
    if design.level:
        placed.append((design.level, LEVEL_AT))
    return placed


def _field(design: Design, side: int, scale: float) -> Image.Image:
    """What lies inside the hexagon: gradient, rays and ribbon."""
    palette = design.palette
    ramp = Image.linear_gradient("L").resize((side, side))
    field = Image.composite(
        Image.new("RGB", (side, side), palette.deep), Image.new("RGB", (side, side), palette.bright), ramp
    )
    overlay = Image.new("L", (side, side), 0)
    for ray in rays(design):
        ImageDraw.Draw(overlay).polygon(_scaled(ray, scale), fill=round(255 * 0.55))
    field.paste(palette.accent, (0, 0, side, side), overlay)
    drawing = ImageDraw.Draw(field)
    drawing.rectangle((0, RIBBON_TOP * scale, side, RIBBON_BOTTOM * scale), fill=palette.ribbon)
    for top in (RIBBON_TOP, RIBBON_BOTTOM - 4):
        drawing.rectangle((0, top * scale, side, (top + 4) * scale), fill=palette.accent)
    return field


def _mask(side: int, scale: float) -> Image.Image:
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).polygon(_scaled(hexagon(FIELD), scale), fill=255)
    return mask


def _draw_text(drawing: ImageDraw.ImageDraw, line: Line, middle: float, scale: float) -> None:
    font = _font(round(line.size * scale))
    drawing.text((CENTRE * scale, middle * scale), line.text, fill=WHITE, font=font, anchor="mm")


@cache
def _font(size: int) -> Font:
    for face in FACES:
        try:
            return ImageFont.truetype(face, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _svg_text(line: Line, middle: float) -> str:
    return (
        f'<text x="{CENTRE:g}" y="{middle + line.size * 0.36:.1f}" text-anchor="middle" fill="{WHITE}" '
        f'font-family="DejaVu Sans, Verdana, sans-serif" font-size="{line.size}" font-weight="700">'
        f"{escape(line.text)}</text>"
    )


def _band(top: float, height: float, fill: str) -> str:
    size = f'x="0" y="{top:g}" width="{UNITS}" height="{height:g}"'
    return f'<rect {size} fill="{fill}" clip-path="url(#inside)"/>'


def _polygon(points: list[Point], fill: str, opacity: float = 1) -> str:
    faint = "" if opacity == 1 else f' fill-opacity="{opacity}"'
    return f'<polygon points="{_points(points)}" fill="{fill}"{faint}/>'


def _points(points: list[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _around(turn: float, radius: float) -> Point:
    return (MEDAL_AT[0] + radius * math.cos(turn), MEDAL_AT[1] + radius * math.sin(turn))


def _scaled(points: list[Point], scale: float) -> list[Point]:
    return [(x * scale, y * scale) for x, y in points]


def _box(centre: Point, radius: float) -> tuple[float, float, float, float]:
    return (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)


def _transparent(colour: str) -> str:
    return colour + "00"
