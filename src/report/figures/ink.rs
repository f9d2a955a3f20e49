//! How each kind of mark is drawn outside the page, where no style sheet is: the light palette of the report.

pub(super) type Colour = [u8; 3];

const INK: Colour = [0x1b, 0x1a, 0x17];
const SOFT: Colour = [0x5d, 0x5a, 0x53];
const RULE: Colour = [0xdc, 0xd8, 0xce];
const FAINT: Colour = [0xef, 0xec, 0xe4];
const PAPER: Colour = [0xff, 0xff, 0xff];
const ACCENT: Colour = [0x1d, 0x5c, 0x96];
const RED: Colour = [0xb0, 0x24, 0x1b];

#[derive(Clone, Copy)]
pub(super) struct Ink {
    pub stroke: Option<Colour>,
    pub fill: Option<Colour>,
    pub width: f64,
    pub dashed: bool,
    /// Of text.
    pub size: f64,
    pub bold: bool,
}

pub(super) fn ink(class: &str) -> Ink {
    let line = |stroke, width| Ink {
        stroke: Some(stroke),
        fill: None,
        width,
        dashed: false,
        size: 14.0,
        bold: false,
    };
    let text = |fill, size, bold| Ink {
        stroke: None,
        fill: Some(fill),
        width: 0.0,
        dashed: false,
        size,
        bold,
    };
    match class {
        "grid" => line(RULE, 1.0),
        "axis" => line(SOFT, 1.0),
        "null" => Ink {
            dashed: true,
            ..line(INK, 1.0)
        },
        "ci" => line(ACCENT, 1.5),
        "ci other" => line(RED, 1.5),
        "join" => line(SOFT, 1.0),
        "flow" => line(INK, 1.0),
        "dot" => Ink {
            fill: Some(ACCENT),
            ..line(PAPER, 1.5)
        },
        "dot hollow" => Ink {
            fill: Some(PAPER),
            ..line(RED, 2.0)
        },
        "band" => Ink {
            fill: Some(FAINT),
            stroke: None,
            ..line(FAINT, 0.0)
        },
        "box" => line(INK, 1.0),
        "box out" => Ink {
            fill: Some(FAINT),
            ..line(RULE, 1.0)
        },
        "panel" => text(INK, 15.0, true),
        "strong" | "value strong" => text(INK, 14.0, true),
        "tick" | "value" | "detail" => text(SOFT, 13.0, false),
        _ => text(INK, 14.0, false),
    }
}
