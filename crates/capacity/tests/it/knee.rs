//! The picture of the knee, `knee.svg`, is what the formula says.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use capacity::Load;
use drawing::palette::{GROUND, INK, LANES, QUIET, TROUBLE};

const STYLE: &str = r#"text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:currentColor}
.title{font-size:16px;font-weight:600}.name{font-weight:600}
@media (max-width:560px){text{font-size:18px}.title{font-size:20px}}
.line{fill:none;stroke:currentColor;stroke-width:2.5}.grid{stroke:currentColor;opacity:.35}.rule{stroke:currentColor;stroke-dasharray:5 4}
"#;

/// The pools, each with a place for its name: percent, service times, and the end of the text that stands there.
const POOLS: [(u32, f64, f64, &str); 3] = [(2, 64.0, 6.0, "end"), (10, 92.4, 6.4, "end"), (20, 97.0, 0.7, "end")];
/// The rule of thumb keeps a worker busy for so many percent.
const RULE: f64 = 250.0 / 3.0;
const LONGEST: f64 = 15.0;

fn x(percent: f64) -> f64 {
    52.0 + (percent - 50.0) * 12.0
}

fn y(services: f64) -> f64 {
    340.0 - services.min(LONGEST) * 17.0
}

/// The p99 wait of so many workers that are busy for so many percent of the time, in times that a request takes.
fn p99(workers: u32, percent: f64) -> f64 {
    let load = Load::new(workers, Duration::from_secs_f64(percent / 100.0));
    load.wait(workers as usize, 0.99).unwrap().div_duration_f64(load.takes())
}

fn svg() -> String {
    let colors = |color: fn(&drawing::palette::Hue) -> &'static str| {
        let hues = LANES[..3].iter().chain([&TROUBLE, &QUIET, &INK]);
        let rules: Vec<_> = hues.map(|hue| format!(".{}{{color:{}}}", hue.name, color(hue))).collect();
        format!("{}.ground{{fill:{}}}", rules.concat(), color(&GROUND))
    };
    let (light, dark) = (colors(|hue| hue.light), colors(|hue| hue.dark));
    let text = |x: f64, y: f64, anchor: &str, class: &str, text: &str| {
        format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>\n")
    };
    let mut body = vec![text(16.0, 28.0, "start", "title ink", "The p99 wait, in service times")];
    for services in [0.0, 5.0, 10.0, 15.0] {
        body.push(text(42.0, y(services) + 4.0, "end", "grey", &services.to_string()));
        body.push(format!("<path class=\"grid grey\" d=\"M{} {}H{}\"/>\n", x(50.0), y(services), x(97.0)));
    }
    for percent in [50.0, 60.0, 70.0, 80.0, 90.0] {
        body.push(text(x(percent), 362.0, "middle", "grey", &format!("{percent} %")));
    }
    body.push(text(x(97.0), 386.0, "end", "ink", "each worker is busy for this part of the time"));
    body.push(format!("<path class=\"rule vermilion\" d=\"M{:.1} {}V{}\"/>\n", x(RULE), y(LONGEST), y(0.0)));
    body.push(text(x(RULE), 72.0, "middle", "vermilion", "83 %: the rule of thumb"));
    for ((workers, percent, services, anchor), hue) in POOLS.into_iter().zip(&LANES) {
        let steps = (200..=388).map(|step| f64::from(step) / 4.0).take_while(|at| p99(workers, *at) < LONGEST);
        let path: Vec<_> = steps.map(|at| format!("{:.1} {:.1}", x(at), y(p99(workers, at)))).collect();
        body.push(format!("<path class=\"line {}\" d=\"M{}\"/>\n", hue.name, path.join("L")));
        body.push(text(x(percent), y(services), anchor, &format!("name {}", hue.name), &format!("{workers} workers")));
        let (at, wait) = (x(RULE), p99(workers, RULE));
        body.push(format!(
            "<circle class=\"{}\" fill=\"currentColor\" cx=\"{at:.1}\" cy=\"{:.1}\" r=\"5\"/>\n",
            hue.name,
            y(wait)
        ));
        let wait_text = if wait > 10.0 { format!("{wait:.0}") } else { format!("{wait:.1}") };
        let (dx, dy, anchor) = if workers == 20 { (9.0, 16.0, "start") } else { (-9.0, -5.0, "end") };
        body.push(text(at + dx, y(wait) + dy, anchor, &format!("name {}", hue.name), &wait_text));
    }
    let body = body.concat();
    let words = "The p99 wait by how busy the workers are, for 2, 10 and 20 workers. Each line rises slowly at first, and then steeply: \
        the fewer the workers, the sooner. At 83 % the wait is 13, 2.3 and 1.1 service times.";
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 400\" width=\"100%\" role=\"img\">\n<title>{words}</title>\n<style>\n{STYLE}{light}\n@media (prefers-color-scheme:dark){{{dark}}}\n</style>\n<rect class=\"ground\" width=\"640\" height=\"400\" rx=\"6\"/>\n{body}</svg>\n"
    )
}

#[test]
fn the_recorded_files_of_the_knee_are_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("knee.svg");
    if env::var_os(room::RECORD).is_some() {
        fs::write(&file, svg()).unwrap();
    }
    let recorded = fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    assert!(recorded == svg(), "knee.svg is not what the formula says: just record capacity");
}
