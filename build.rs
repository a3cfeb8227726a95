//! What `--version` tells of the build. No tool is needed: without git the commit is unknown.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=.git/HEAD");
    println!("cargo::rerun-if-changed=.git/logs/HEAD");
    let of_cargo = |name: &str| std::env::var(name).unwrap_or_else(|_| "unknown".into());
    let commit =
        said_by("git", &["rev-parse", "--short=10", "HEAD"]).unwrap_or_else(|| "unknown commit".into());
    println!("cargo::rustc-env=CAPSCOPE_COMMIT={commit}");
    println!("cargo::rustc-env=CAPSCOPE_PROFILE={}", of_cargo("PROFILE"));
    println!("cargo::rustc-env=CAPSCOPE_TARGET={}", of_cargo("TARGET"));
    let rustc = said_by(&of_cargo("RUSTC"), &["--version"]).unwrap_or_else(|| "unknown compiler".into());
    println!("cargo::rustc-env=CAPSCOPE_RUSTC={rustc}");
}

/// The first line that a program prints, if it can be run and succeeds.
fn said_by(program: &str, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.lines().next()?.trim().to_owned())
}
