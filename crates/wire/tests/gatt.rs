//! Holds `GATT.md` against the code. The page is all that a developer of another clicker or laptop program needs. It is
//! generated from the table in `gatt.rs`, the messages and doc comments in `message.rs`, and frames encoded here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::PathBuf;

use quote::ToTokens as _;
use syn::{Attribute, Expr, Fields, Item, ItemEnum, Lit, Meta};
use wire::gatt::{self, Access, Security, Uuid};
use wire::{Alarm, Cue, Dial, Frame, Means, Message, Mode, Report, Tone, Version};

/// The text around the tables, with `{…}` placeholders.
const PAGE: &str = include_str!("gatt_page.md");

/// Command that rewrites the page.
const BLESS: &str = "UNKNOT_WRITE=1 cargo test -p wire --test gatt";

#[test]
fn the_page_says_what_the_code_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("GATT.md");
    let page = page();
    if std::env::var_os("UNKNOT_WRITE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "GATT.md is not what the code says; write it anew with `{BLESS}`");
}

#[test]
fn an_assigned_number_is_told_from_an_identifier_of_our_own() {
    assert_eq!(gatt::BATTERY_SERVICE.short(), Some(0x180f));
    assert_eq!(text(gatt::BATTERY_SERVICE), "0x180F");
    assert_eq!(gatt::SERVICE.short(), None);
    assert_eq!(text(gatt::SERVICE), "edd0e925-1a31-4ac8-b694-ff1fe20f072d");
    assert_eq!(gatt::SERVICE.to_le_bytes()[..2], [0x2d, 0x07], "the least significant byte comes first");
}

#[test]
fn no_identifier_stands_twice() {
    let all = gatt::TABLE.iter().flat_map(|service| {
        core::iter::once(service.uuid).chain(service.characteristics.iter().map(|has| has.uuid))
    });
    let mut all: Vec<u128> = all.map(|uuid| uuid.0).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn nothing_of_a_session_is_open() {
    let own = gatt::TABLE.iter().find(|service| service.uuid == gatt::SERVICE).unwrap();
    assert!(own.characteristics.iter().all(|has| has.security == Security::Authenticated));
}

fn page() -> String {
    let source = syn::parse_file(include_str!("../src/message.rs")).unwrap();
    let enums: Vec<&ItemEnum> = source
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) => Some(item),
            _ => None,
        })
        .collect();
    let of = |name: &str| *enums.iter().find(|item| item.ident == name).unwrap();
    let messages = |name: &str, frames: &[(String, Frame)]| messages(of(name), frames);
    let choices: String =
        ["Means", "Alarm", "Toward", "Mode", "Tone"].iter().map(|name| choices(of(name))).collect();
    let mut page = PAGE.to_owned();
    for (gap, text) in [
        ("{bless}", BLESS.to_owned()),
        ("{service}", text(gatt::SERVICE)),
        ("{name}", gatt::NAME.to_owned()),
        ("{table}", table()),
        ("{major}", Version::CURRENT.major.to_string()),
        ("{minor}", Version::CURRENT.minor.to_string()),
        ("{longest}", wire::MAX_FRAME.to_string()),
        ("{reports}", messages("Report", &reports())),
        ("{cues}", messages("Cue", &cues())),
        ("{choices}", choices),
    ] {
        assert!(page.contains(gap), "the page has no place {gap}");
        page = page.replace(gap, &text);
    }
    page
}

fn table() -> String {
    let mut rows = String::from("| | UUID | access | link security | value |\n|---|---|---|---|---|\n");
    for service in gatt::TABLE {
        writeln!(rows, "| **{}** | `{}` | service | | |", service.name, text(service.uuid)).unwrap();
        for has in service.characteristics {
            let does = match has.access {
                Access::Read => "read",
                Access::Write => "write, with response",
                Access::Notify => "notify",
            };
            let wants = match has.security {
                Security::None => "any",
                Security::Authenticated => "authenticated, encrypted",
            };
            writeln!(rows, "| {} | `{}` | {does} | {wants} | {} |", has.name, text(has.uuid), has.value)
                .unwrap();
        }
    }
    rows
}

fn text(uuid: Uuid) -> String {
    if let Some(short) = uuid.short() {
        return format!("0x{short:04X}");
    }
    let hex = format!("{:032x}", uuid.0);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The variants of a message: index, fields in order, meaning, and one example as bytes.
fn messages(item: &ItemEnum, frames: &[(String, Frame)]) -> String {
    assert_eq!(item.variants.len(), frames.len(), "every message has one example");
    let mut all = String::new();
    for (tag, (variant, (example, frame))) in item.variants.iter().zip(frames).enumerate() {
        assert_eq!(usize::from(frame.as_bytes()[0]), tag, "the examples stand in the order of the messages");
        writeln!(all, "### {tag}: {}\n\n{}\n", variant.ident, doc(&variant.attrs)).unwrap();
        if let Fields::Named(fields) = &variant.fields {
            all.push_str("| field | form | |\n|---|---|---|\n");
            for field in &fields.named {
                let name = field.ident.as_ref().unwrap();
                let form = field.ty.to_token_stream().to_string().replace(' ', "");
                writeln!(all, "| `{name}` | {} | {} |", form_in_words(&form), doc(&field.attrs)).unwrap();
            }
            all.push('\n');
        }
        let bytes: Vec<String> = frame.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(all, "`{}` is `{example}`.\n", bytes.join(" ")).unwrap();
    }
    all.trim_end().to_owned()
}

fn choices(item: &ItemEnum) -> String {
    let mut all = format!("### {}\n\n{}\n\n| | | |\n|---|---|---|\n", item.ident, doc(&item.attrs));
    for (number, variant) in item.variants.iter().enumerate() {
        let holds: Vec<String> = variant
            .fields
            .iter()
            .map(|field| form_in_words(&field.ty.to_token_stream().to_string()))
            .collect();
        let then = if holds.is_empty() { String::new() } else { format!(", then {}", holds.join(", ")) };
        writeln!(all, "| {number} | `{}`{then} | {} |", variant.ident, doc(&variant.attrs)).unwrap();
    }
    all.push('\n');
    all
}

fn form_in_words(form: &str) -> String {
    match form {
        "u8" => "byte",
        "u16" => "varint, 16 bits",
        "u32" => "varint, 32 bits",
        "bool" => "byte, 0 or 1",
        "Dial" => "byte, 1 to 10",
        "Option<Dial>" => "0, or 1 and a byte, 1 to 10",
        "Version" => "byte `major`, byte `minor`",
        choice => return format!("choice: {choice}"),
    }
    .to_owned()
}

/// The doc comment of an item on one line, with links turned into code.
fn doc(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    let words = lines.collect::<Vec<_>>().join(" ");
    words.replace("[`", "`").replace("`]", "`").replace("Cue::", "").replace("Report::", "")
}

fn dial(value: u8) -> Dial {
    Dial::new(value).unwrap()
}

/// A message as `Debug` text and as a frame.
fn example<M: Message + std::fmt::Debug>(message: M) -> (String, Frame) {
    (format!("{message:?}"), Frame::of(&message))
}

fn reports() -> [(String, Frame); 4] {
    let version = Version { major: 1, minor: 0 };
    [
        example(Report::Hello { boot: 2, first_boot: 1, first_seq: 400, version, session: 70_000 }),
        example(Report::Clicked { boot: 2, seq: 3, uptime: 400, show: 500, means: Means::Rating(dial(7)) }),
        example(Report::Alarm { boot: 2, seq: 3, uptime: 400, what: Alarm::Stop }),
        example(Report::Beat { boot: 2, uptime: 300, dial: Some(dial(4)), next: 5, show: 600, alarm: true }),
    ]
}

fn cues() -> [(String, Frame); 7] {
    let version = Version { major: 1, minor: 0 };
    [
        example(Cue::Welcome { session: 500, version, alone: false }),
        example(Cue::Ack { boot: 2, next: 300 }),
        example(Cue::AlarmStored { boot: 2, seq: 300 }),
        example(Cue::Show { number: 300, mode: Mode::Release }),
        example(Cue::Play { tone: Tone::Flush }),
        example(Cue::Pulse { show: 300, dial: Some(dial(5)) }),
        example(Cue::Bye { session: 300 }),
    ]
}
