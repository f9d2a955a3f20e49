//! 11 KEPT: a study in one file that a stranger can check, and the check.

mod bundle;
mod compare;
mod members;
mod verify;

pub use bundle::{Bundle, bundle};
pub use members::{Members, open, pack};
pub use verify::{Step, StepResult, Verification, verify};
