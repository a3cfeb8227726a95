//! The `capscope` program: everything is in the library, so that tests and benches can reach it.

use std::process::ExitCode;

/// Samples are made on one thread and let go on another, a million a minute: the system's allocator
/// takes a fifth of the time of indexing for that, and in a static build much more.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    capscope::cli::main()
}
