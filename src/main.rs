//! Parse, call, exit code.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    asregistered::cli::main()
}
