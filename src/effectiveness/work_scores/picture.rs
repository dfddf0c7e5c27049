//! The figures as a picture (SVG 1.1), without scripts, styles from elsewhere or fonts of its own.

use std::fmt::Write;

use super::model::WorkScores;
use super::sentence::in_words;
use crate::effectiveness::score_panels::Course;
use crate::i18n::{Locale, decimal, text};
use statistics::{BASE_EVENT, EventEffect, FIRST_EVENT, LAST_EVENT};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
/// Margins around the plot: left, right, above, below.
const LEFT: f64 = 76.0;
const RIGHT: f64 = 20.0;
const ABOVE: f64 = 88.0;
const BELOW: f64 = 68.0;
/// Characters of a course's title and code on one line.
const TITLE: usize = 80;
/// Points that are seen at least, so that a flat line does not look like mountains.
const LEAST_RANGE: f64 = 2.0;
/// Lines of the scale, at most.
const MOST_TICKS: f64 = 8.0;

/// Draw what became of the scores around a course, or around any; without scores, that there are too few.
pub fn svg(locale: Locale, course: Option<&Course>, scores: Option<&WorkScores>) -> String {
    let heading = text(locale, "work-scores-heading", &[]);
    let subject = match course {
        Some(Course { code, title, .. }) => format!("{title} ({code})"),
        None => text(locale, "work-scores-ministry", &[]),
    };
    let effects = scores.map(|scores| scores.study.effects.as_slice()).unwrap_or_default();
    let words = described(locale, scores, effects);
    let mut drawing = String::new();
    // Writing to a string never fails.
    let _ = draw(&mut drawing, locale, [&heading, &subject, &words], effects);
    drawing
}

fn draw(
    to: &mut String,
    locale: Locale,
    [heading, subject, words]: [&str; 3],
    effects: &[EventEffect],
) -> std::fmt::Result {
    let scale = Scale::of(effects);
    write!(
        to,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         role=\"img\" aria-labelledby=\"title description\" xml:lang=\"{}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">{}: {}</title>\n<desc id=\"description\">{}</desc>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" font-size=\"16\" font-weight=\"bold\">{}</text>\n\
         <text x=\"{LEFT}\" y=\"50\" font-size=\"15\">{}</text>\n",
        locale.tag(),
        escaped(heading),
        escaped(subject),
        escaped(words),
        escaped(heading),
        escaped(&shortened(subject)),
    )?;
    axes(to, locale, &scale)?;
    if effects.is_empty() {
        let (x, y) = (f64::midpoint(LEFT, WIDTH - RIGHT), HEIGHT / 2.0);
        let none = escaped(&text(locale, "work-scores-insufficient", &[]));
        writeln!(to, "<text x=\"{x}\" y=\"{:.1}\" text-anchor=\"middle\">{none}</text>", y - 20.0)?;
    }
    let mut line: Vec<(i32, f64)> = effects.iter().map(|of| (of.event, of.value)).collect();
    if !line.is_empty() {
        line.push((BASE_EVENT, 0.0));
        line.sort_by_key(|(event, _)| *event);
    }
    // Where a quarter is missing, the line is broken.
    for pair in line.windows(2) {
        if let [(one, from), (other, until)] = pair
            && one + 1 == *other
        {
            let [x1, y1, x2, y2] = [scale.x(*one), scale.y(*from), scale.x(*other), scale.y(*until)];
            writeln!(
                to,
                "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"#9db4c8\" stroke-width=\"1.5\"/>"
            )?;
        }
    }
    if !line.is_empty() {
        let (x, y) = (scale.x(BASE_EVENT), scale.y(0.0));
        writeln!(
            to,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"#ffffff\" stroke=\"#1f4e79\" stroke-width=\"2\"/>"
        )?;
    }
    for effect in effects {
        point(to, locale, &scale, effect)?;
    }
    to.write_str("</svg>\n")
}

fn axes(to: &mut String, locale: Locale, scale: &Scale) -> std::fmt::Result {
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BELOW);
    // The quarter of the course.
    let (x, width) = (scale.x(0) - scale.step() / 2.0, scale.step());
    let height = bottom - ABOVE;
    writeln!(
        to,
        "<rect x=\"{x:.1}\" y=\"{ABOVE}\" width=\"{width:.1}\" height=\"{height}\" fill=\"#fdf3d8\"/>"
    )?;
    let course = escaped(&text(locale, "work-scores-course", &[]));
    let middle = scale.x(0);
    writeln!(
        to,
        "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#7a5c00\">{course}</text>",
        ABOVE - 8.0
    )?;
    for tick in scale.ticks() {
        let y = scale.y(tick);
        let (stroke, width) = if tick == 0.0 { ("#333333", 1.5) } else { ("#e2e2e2", 1.0) };
        let number = decimal(locale, tick, scale.digits);
        writeln!(
            to,
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{number}</text>",
            LEFT - 8.0,
            y + 4.5
        )?;
    }
    for event in FIRST_EVENT..=LAST_EVENT {
        let (x, y) = (scale.x(event), bottom + 20.0);
        let sign = if event > 0 { "+" } else { "" };
        writeln!(to, "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{sign}{event}</text>")?;
    }
    let across = escaped(&text(locale, "work-scores-axis-quarters", &[]));
    let up = escaped(&text(locale, "work-scores-axis-points", &[]));
    let (x, y) = (f64::midpoint(LEFT, right), f64::midpoint(ABOVE, bottom));
    writeln!(
        to,
        "<text x=\"{x}\" y=\"{:.1}\" text-anchor=\"middle\">{across}</text>\n\
         <text transform=\"translate(20 {y}) rotate(-90)\" text-anchor=\"middle\">{up}</text>",
        HEIGHT - 18.0
    )
}

fn point(to: &mut String, locale: Locale, scale: &Scale, effect: &EventEffect) -> std::fmt::Result {
    let x = scale.x(effect.event);
    let words = escaped(&of_quarter(locale, effect));
    writeln!(to, "<g><title>{words}</title>")?;
    if let Some(ends) = effect.ci95 {
        let [low, high] = ends.map(|end| scale.y(end));
        writeln!(
            to,
            "<path d=\"M{x:.1} {low:.1}V{high:.1}M{:.1} {low:.1}h12M{:.1} {high:.1}h12\" stroke=\"#1f4e79\" \
             stroke-width=\"2\" fill=\"none\"/>",
            x - 6.0,
            x - 6.0
        )?;
    }
    let y = scale.y(effect.value);
    writeln!(to, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"#1f4e79\"/></g>")
}

/// The whole content in words.
fn described(locale: Locale, scores: Option<&WorkScores>, effects: &[EventEffect]) -> String {
    let whole = scores.map(|scores| in_words(locale, scores));
    let whole = whole.unwrap_or_else(|| text(locale, "work-scores-insufficient", &[]));
    let quarters = effects.iter().map(|effect| of_quarter(locale, effect));
    std::iter::once(whole).chain(quarters).collect::<Vec<_>>().join(" ")
}

/// Which quarter it is, as seen from that of the course: its bare number would be read as one of the year.
fn quarter(locale: Locale, event: i32) -> String {
    let key = match event {
        0 => return text(locale, "work-scores-course", &[]),
        ..0 => "work-scores-before",
        _ => "work-scores-later",
    };
    let n = event.unsigned_abs();
    let length = if n == 1 { "one" } else { "other" };
    text(locale, key, &[("n", n.to_string()), ("length", length.to_owned())])
}

fn of_quarter(locale: Locale, effect: &EventEffect) -> String {
    let points = |value: f64| decimal(locale, value, 2);
    let mut args = vec![
        ("quarter", quarter(locale, effect.event)),
        ("value", points(effect.value)),
        ("people", effect.trained.to_string()),
        ("others", effect.comparison.to_string()),
    ];
    let Some([low, high]) = effect.ci95 else {
        return text(locale, "work-scores-point-alone", &args);
    };
    args.extend([("low", points(low)), ("high", points(high))]);
    text(locale, "work-scores-point", &args)
}

fn shortened(title: &str) -> String {
    if title.chars().count() <= TITLE {
        return title.to_owned();
    }
    title.chars().take(TITLE - 1).chain(['…']).collect()
}

/// Text for XML: markup loses its meaning, and characters that XML forbids are left out.
fn escaped(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => {}
            c => safe.push(c),
        }
    }
    safe
}

/// From quarters and points to places in the picture.
struct Scale {
    low: f64,
    high: f64,
    tick: f64,
    digits: usize,
}

impl Scale {
    fn of(effects: &[EventEffect]) -> Self {
        let ends = effects.iter().flat_map(|of| of.ci95.unwrap_or([of.value, of.value]));
        let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
        let lacking = (LEAST_RANGE - (high - low)).max(0.0) / 2.0;
        let (low, high) = (low - lacking, high + lacking);
        let least = (high - low) / MOST_TICKS;
        let power = 10f64.powf(least.log10().floor());
        let tick = [1.0, 2.0, 5.0, 10.0].into_iter().map(|of| of * power).find(|tick| *tick >= least);
        let tick = tick.unwrap_or(10.0 * power);
        let digits = if tick >= 1.0 { 0 } else { 1 };
        Self { low: (low / tick).floor() * tick, high: (high / tick).ceil() * tick, tick, digits }
    }

    fn step(&self) -> f64 {
        (WIDTH - LEFT - RIGHT) / f64::from(LAST_EVENT - FIRST_EVENT + 1)
    }

    fn x(&self, event: i32) -> f64 {
        LEFT + self.step() * (f64::from(event - FIRST_EVENT) + 0.5)
    }

    fn y(&self, points: f64) -> f64 {
        let share = (points - self.low) / (self.high - self.low);
        HEIGHT - BELOW - share * (HEIGHT - BELOW - ABOVE)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let first = (self.low / self.tick).round() as i64;
        let last = (self.high / self.tick).round() as i64;
        let tick = self.tick;
        (first..=last).map(move |at| at as f64 * tick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(event: i32, value: f64, half: f64) -> EventEffect {
        EventEffect {
            event,
            value,
            standard_error: half / 2.0,
            ci95: Some([value - half, value + half]),
            trained: 24,
            comparison: 300,
            groups: 2,
        }
    }

    fn drawn(title: &str, effects: &[EventEffect]) -> String {
        let mut drawing = String::new();
        draw(&mut drawing, Locale::Vi, ["Điểm", title, "mô tả"], effects).unwrap();
        drawing
    }

    #[test]
    fn words_never_become_markup() {
        let hostile = "</title><script>alert('1' & \"2\")</script>\u{0}\u{8}";
        let drawing = drawn(hostile, &[effect(0, 1.0, 0.5)]);
        assert!(
            !drawing.contains("<script") && !drawing.contains('\u{0}') && !drawing.contains('\u{8}'),
            "{drawing}"
        );
        assert!(drawing.contains("&lt;script&gt;alert(&apos;1&apos; &amp; &quot;2&quot;)"), "{drawing}");
    }

    #[test]
    fn a_quarter_is_not_named_like_one_of_the_year() {
        let named = |event| [Locale::Vi, Locale::En].map(|locale| quarter(locale, event));
        assert_eq!(named(-2), ["2 quý trước quý học", "2 quarters before the course"]);
        assert_eq!(named(0), ["Quý học", "Quarter of the course"]);
        assert_eq!(named(1), ["1 quý sau quý học", "1 quarter after"]);
        assert_eq!(named(3), ["3 quý sau quý học", "3 quarters after"]);
    }

    #[test]
    fn everything_lies_within_the_picture() {
        for effects in [
            vec![],
            vec![effect(0, 0.0, 0.0)],
            vec![effect(-4, -99.0, 60.0), effect(3, 80.0, 100.0)],
            vec![effect(-2, 0.004, 0.001), effect(0, 0.002, 0.001)],
        ] {
            let scale = Scale::of(&effects);
            let ends = effects.iter().flat_map(|of| of.ci95.unwrap());
            for y in ends.chain([0.0]).map(|end| scale.y(end)) {
                assert!((ABOVE - 1e-9..=HEIGHT - BELOW + 1e-9).contains(&y), "{effects:?}: {y}");
            }
            let ticks: Vec<f64> = scale.ticks().collect();
            assert!((2..=11).contains(&ticks.len()) && ticks.contains(&0.0), "{ticks:?}");
        }
    }

    #[test]
    fn a_missing_quarter_breaks_the_line() {
        let count = |effects: &[EventEffect]| drawn("", effects).matches("#9db4c8").count();
        assert_eq!(count(&[effect(-2, 0.1, 0.2), effect(0, 1.0, 0.5), effect(1, 1.5, 0.5)]), 3);
        assert_eq!(count(&[effect(0, 1.0, 0.5), effect(2, 1.5, 0.5)]), 1);
        assert_eq!(count(&[]), 0);
    }
}
