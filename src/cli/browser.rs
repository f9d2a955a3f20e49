//! A browser on this machine, asked to print our own page. Nothing of a study is given to it but that page.

use std::path::{Path, PathBuf};

/// The names under which Chromium and its kin are installed.
const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
];

/// The first of them on the path.
pub(super) fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|file| file.is_file())
}

/// Prints a page to a tagged PDF.
///
/// # Errors
/// If the browser cannot be started, or leaves no file behind.
pub(super) fn print(browser: &Path, page: &Path, pdf: &Path) -> std::io::Result<()> {
    let page = page.canonicalize()?;
    let profile = tempfile::tempdir()?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the browser is the machine's own, and prints our own page"
    )]
    let mut command = std::process::Command::new(browser);
    command
        .arg("--headless")
        .arg("--disable-gpu")
        .arg("--disable-background-networking")
        .arg("--disable-component-update")
        .arg("--no-first-run")
        .arg("--no-pdf-header-footer")
        .arg("--export-tagged-pdf")
        .arg("--generate-pdf-document-outline")
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--print-to-pdf={}", pdf.display()));
    if root() {
        // Chromium refuses to start its sandbox as root; the page is ours, and its policy forbids it everything.
        command.arg("--no-sandbox");
    }
    command
        .arg(format!("file://{}", page.display()))
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let status = command.status()?;
    if status.success() && pdf.is_file() {
        return Ok(());
    }
    Err(std::io::Error::other(format!(
        "{} ended with {status}",
        browser.display()
    )))
}

#[cfg(unix)]
fn root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[cfg(not(unix))]
fn root() -> bool {
    false
}
