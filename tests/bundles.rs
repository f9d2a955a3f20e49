//! Bundles from people who are not trusted: every file sealed anew, so that only the re-run can tell.

#[allow(dead_code, reason = "other tests use the rest of the fixtures")]
mod fixtures;

use asregistered::archive::{self, Members, Verification};
use asregistered::digest::Digest;
use fixtures::run_fixture;

const MANIFEST: &str = "manifest-sha256.txt";

fn honest() -> Members {
    let run = run_fixture("unlocked-run", "quiet");
    archive::open(&archive::bundle(&run).unwrap()).unwrap()
}

/// The members with a manifest that agrees with them, packed as this program packs.
fn sealed(mut members: Members) -> Verification {
    members.remove(MANIFEST);
    let lines = members
        .iter()
        .map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes).hex()));
    let manifest: String = lines.collect();
    members.insert(MANIFEST.to_owned(), manifest.into_bytes());
    archive::verify(&archive::pack(&members).unwrap())
}

fn edited(file: &str, from: &str, to: &str) -> Verification {
    let mut members = honest();
    let path = members.keys().find(|name| name.ends_with(file)).unwrap().clone();
    let text = String::from_utf8(members[&path].clone()).unwrap();
    assert!(text.contains(from), "{file} does not contain {from}");
    members.insert(path, text.replacen(from, to, 1).into_bytes());
    sealed(members)
}

#[test]
fn what_the_re_run_does_not_write_is_named() {
    assert_eq!(sealed(honest()).holds(), Some(true));
    let mut more = honest();
    more.insert(
        String::from("results/award.txt"),
        b"Verified by the dean.\n".to_vec(),
    );
    let found = sealed(more);
    assert_eq!(found.holds(), Some(false));
    assert!(
        found.diagnostics[0]
            .message
            .starts_with("results/award.txt is no part of the study")
    );
    for (file, from, to) in [
        (
            "README.txt",
            "Nothing in this bundle",
            "Everything in this bundle",
        ),
        ("bundle.json", "\"version\": \"", "\"version\": \"9"),
        ("bundle.json", "\"study\": \"asking", "\"study\": \"answering"),
        ("results/report.html", "corroborated", "contradicted"),
        ("results/tests.csv", "as_registered", "deviated"),
        ("results/record.json", "\"rejects\": true", "\"rejects\": false"),
        ("base/data.csv", ",passed,", ",failed,"),
        ("lock.json", "2024-10-15", "2024-10-14"),
    ] {
        let found = edited(file, from, to);
        assert_eq!(found.holds(), Some(false), "{file}: {to}");
        assert!(!found.diagnostics.is_empty(), "{file}: {to}");
    }
}

#[test]
fn nothing_outside_a_bundle_is_opened() {
    for (from, to) in [
        (
            "path: ../../base/data.csv",
            "path: ../../../../../../../etc/passwd",
        ),
        (
            "registration: ../../base/registration.yaml",
            "registration: /etc/passwd",
        ),
        ("lock: lock.json", "lock: ../../../../../../../proc/self/environ"),
    ] {
        let found = edited("pipeline.yaml", from, to);
        assert_eq!(found.holds(), Some(false), "{to}");
        let messages: Vec<&str> = found.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(
            messages[0].ends_with("which is not in the bundle"),
            "{messages:?}"
        );
    }
}

#[test]
fn what_is_compressed_was_packed_by_another() {
    let mut bytes = archive::pack(&honest()).unwrap();
    for (signature, method) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        let at = bytes.windows(4).position(|w| w == signature).unwrap();
        bytes[at + method] = 8;
    }
    let found = archive::open(&bytes).unwrap_err();
    assert!(found[0].message.contains("is compressed"), "{found:?}");
}

#[test]
fn a_joined_file_is_packed_and_none_outside_the_bundle_is_opened() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/studies/shapes/panel/pipeline.yaml");
    let run = asregistered::run::run(&path).unwrap();
    let members = archive::open(&archive::bundle(&run).unwrap()).unwrap();
    assert!(members.contains_key("wave3.csv"));
    assert_eq!(sealed(members.clone()).holds(), Some(true));
    let mut outside = members;
    let text = String::from_utf8(outside["pipeline.yaml"].clone()).unwrap();
    let text = text.replace("path: wave3.csv", "path: ../wave3.csv");
    outside.insert(String::from("pipeline.yaml"), text.into_bytes());
    let found = sealed(outside);
    assert!(
        found.diagnostics.iter().any(|d| d.code.id == "V002"),
        "{:#?}",
        found.diagnostics
    );
}
