//! Opens plans and scripts as a person names them: a shipped plan by name, a file by path.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use coach::Plan;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::plan;
use crate::reader::{MAX_FILE_BYTES, quoted, suggestion};
use crate::script::Script;

/// Why a plan or script could not be opened. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file has errors.
    #[error(transparent)]
    Broken(#[from] Diagnostics),
    /// The file could not be read.
    #[error("{}: {source}; check the path and that the file may be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Error of the system.
        source: std::io::Error,
    },
    /// Neither the name of a shipped plan nor the path of a plan file.
    #[error("no plan named {name} is shipped, and a plan file ends in .toml{hint}")]
    NoSuchPlan {
        /// The name, in quotes.
        name: String,
        /// Suggested names, or empty.
        hint: String,
    },
}

/// A plan and the text of its file; a session stores both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedPlan {
    /// The plan.
    pub plan: Plan,
    /// The text of its file.
    pub text: String,
}

/// Opens a plan by name: a shipped one, or a file ending in `.toml`, relative to `folder`.
///
/// # Errors
/// If there is no such plan, or if its file is unreadable or has errors.
pub fn open_plan(name: &str, folder: &Path) -> Result<LoadedPlan, OpenError> {
    let (file, text) = match plan::show(name) {
        Some(text) => (name.to_owned(), text.to_owned()),
        None if name.ends_with(".toml") => {
            let file = folder.join(name);
            (file.display().to_string(), contents(&file)?)
        }
        None => {
            return Err(OpenError::NoSuchPlan { name: quoted(name), hint: suggestion(name, &plan::names()) });
        }
    };
    Ok(LoadedPlan { plan: plan::parse(&file, &text)?, text })
}

/// Opens a script file.
///
/// # Errors
/// If the file is unreadable or has errors.
pub fn open_script(file: &Path) -> Result<Script, OpenError> {
    let text = contents(file)?;
    Ok(Script::parse(&file.display().to_string(), &text)?)
}

/// Reads a text file, up to the size limit.
///
/// # Errors
/// If the file is unreadable, too long, or not UTF-8.
pub fn contents(file: &Path) -> Result<String, OpenError> {
    let unreadable = |source| OpenError::Unreadable { file: file.to_owned(), source };
    let limit = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    File::open(file).map_err(unreadable)?.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let broken = |line, column, reason| {
        OpenError::Broken(Diagnostic { file: file.display().to_string(), line, column, reason }.into())
    };
    if bytes.len() > MAX_FILE_BYTES {
        return Err(broken(
            1,
            1,
            format!("the file is longer than {MAX_FILE_BYTES} bytes, which is the most"),
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        // The valid part of the text gives the position of the error.
        let text =
            String::from_utf8_lossy(error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or(&[]));
        let last = text.rsplit('\n').next().unwrap_or_default();
        let (line, column) = (text.matches('\n').count() + 1, last.chars().count() + 1);
        let place = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        broken(place(line), place(column), "this is not text in UTF-8".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn a_plan_is_opened_by_its_name_or_by_its_file() {
        let named = open_plan("partner", here()).unwrap();
        let filed = open_plan("plans/partner.toml", here()).unwrap();
        assert_eq!(named, filed);
        assert_eq!(named.plan, Plan::partner());
    }

    #[test]
    fn what_cannot_be_opened_says_why_and_what_to_do() {
        let said = |name| open_plan(name, Path::new("nowhere")).expect_err(name).to_string();
        assert_eq!(
            said("patner"),
            "no plan named \"patner\" is shipped, and a plan file ends in .toml; did you mean `partner`?"
        );
        let missing = said("a.toml");
        assert!(
            missing.starts_with("nowhere/a.toml: ")
                && missing.ends_with("check the path and that the file may be read")
        );
        let script =
            open_script(&here().join("plans/partner.toml")).expect_err("a plan is no script").to_string();
        assert!(script.contains("partner.toml:1:1: a script needs `steps`\n"), "{script}");
    }
}
