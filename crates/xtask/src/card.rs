//! The gesture card as a printable page, generated from the tables of `firmware/README.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

const README: &str = "firmware/README.md";
const CARD: &str = "firmware/card.html";

/// Headings of the tables, and their titles on the card.
const TABLES: [(&str, &str); 3] = [
    ("## The gesture card", "What a gesture says"),
    ("### What the lights say", "What the lights say"),
    ("### What is heard", "What is heard"),
];

/// One A4 page without external resources.
const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Unknot: the clicker's card</title>\n\
<!-- Made from README.md by `cargo xtask firmware --take`. -->\n<style>\n\
@page { size: A4; margin: 10mm }\n\
body { font: 8pt/1.2 sans-serif; max-width: 186mm; margin: auto }\n\
h1 { font-size: 14pt; margin: 0 } h2 { font-size: 10.5pt; margin: 2.5mm 0 1mm }\n\
table { border-collapse: collapse; width: 100% } th, td { border: .2mm solid #888; padding: .2mm 1.5mm; text-align: left }\n\
</style>\n<h1>The clicker</h1>\n<p>Thumb on A, finger on B. A rating says how it feels now, 1 to 10. The first click enters at 3. \
What is said aloud counts more than any click.</p>\n";

/// Writes the card.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    fs::write(root.join(CARD), page(root)?).with_context(|| format!("cannot write {CARD}"))
}

/// Whether the card is up to date with the tables.
pub(crate) fn is_written(root: &Path) -> anyhow::Result<bool> {
    let card = fs::read_to_string(root.join(CARD)).with_context(|| format!("cannot read {CARD}"))?;
    Ok(card == page(root)?)
}

fn page(root: &Path) -> anyhow::Result<String> {
    let readme = fs::read_to_string(root.join(README)).with_context(|| format!("cannot read {README}"))?;
    let mut page = String::from(HEAD);
    for (heading, title) in TABLES {
        let (_, below) = readme.split_once(heading).with_context(|| format!("{README} has no {heading}"))?;
        let rows = below.lines().skip_while(|line| !line.starts_with('|'));
        let _ = writeln!(page, "<h2>{title}</h2>\n<table>");
        for (number, row) in rows.take_while(|line| line.starts_with('|')).enumerate() {
            // The second line of a Markdown table is its delimiter.
            let cell = match number {
                0 => "th",
                1 => continue,
                _ => "td",
            };
            let cells = row
                .trim_matches('|')
                .split('|')
                .map(|text| format!("<{cell}>{}</{cell}>", html(text.trim())));
            let _ = writeln!(page, "<tr>{}</tr>", cells.collect::<String>());
        }
        page.push_str("</table>\n");
    }
    Ok(page)
}

/// Converts the one Markdown feature that the tables use: bold.
fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let pieces = text.split("**").enumerate();
    pieces
        .map(|(number, piece)| if number % 2 == 1 { format!("<b>{piece}</b>") } else { piece.to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rewritten by `cargo xtask firmware --take`.
    #[test]
    fn the_card_says_what_the_readme_says() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        assert!(is_written(&root).unwrap(), "run `cargo xtask firmware --take`");
        let page = page(&root).unwrap();
        assert!(
            page.contains("<td><b>SHARP</b></td>") && page.contains("say it aloud") && !page.contains("**")
        );
    }

    #[test]
    fn bold_is_bold_and_nothing_else_is_markup() {
        assert_eq!(html("**a** < b & **c**"), "<b>a</b> &lt; b &amp; <b>c</b>");
    }
}
