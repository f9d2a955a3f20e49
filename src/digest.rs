//! SHA-256 digests, and of values by their RFC 8785 canonical JSON.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A SHA-256, written `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    pub fn of(bytes: &[u8]) -> Digest {
        let mut hashing = Hashing::default();
        hashing.add(bytes);
        hashing.digest()
    }

    /// The digest of a value's canonical JSON (RFC 8785): key order and layout do not matter, a number does.
    ///
    /// # Errors
    /// If the value holds a NaN or an infinity, which JSON cannot say.
    pub fn of_value<T: Serialize>(value: &T) -> Result<Digest, serde_json::Error> {
        Ok(Digest::of(&canonical(value)?))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hexadecimal digits alone.
    pub fn hex(&self) -> &str {
        self.0.strip_prefix("sha256:").unwrap_or(&self.0)
    }

    /// Four groups of four characters, to compare by eye.
    pub fn fingerprint(&self) -> String {
        let digits: Vec<char> = self.hex().chars().take(16).collect();
        digits
            .chunks(4)
            .map(|c| c.iter().collect::<String>())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// A digest as an author writes it: with or without the `sha256:` before it, in either case.
    pub fn parse(text: &str) -> Option<Digest> {
        let lower = text.trim().to_ascii_lowercase();
        let hex = lower.strip_prefix("sha256:").unwrap_or(&lower);
        (hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| Digest(format!("sha256:{hex}")))
    }

    /// The 32 bytes: the seed of a random stream.
    pub fn seed(&self) -> [u8; 32] {
        let mut seed = [0u8; 32];
        let hex = self.hex().as_bytes();
        for (byte, pair) in seed.iter_mut().zip(hex.chunks(2)) {
            *byte = std::str::from_utf8(pair)
                .ok()
                .and_then(|p| u8::from_str_radix(p, 16).ok())
                .unwrap_or(0);
        }
        seed
    }
}

/// A digest of bytes that come one after the other.
#[derive(Default)]
pub struct Hashing(Sha256);

impl Hashing {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn digest(self) -> Digest {
        let hex: String = self.0.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Digest(format!("sha256:{hex}"))
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The canonical JSON of a value (RFC 8785).
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json_canonicalizer::to_vec(value)
}
