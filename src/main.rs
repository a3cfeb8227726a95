//! The `capscope` program: everything is in the library, so that tests and benches can reach it.

use std::process::ExitCode;

/// Samples are made on one thread and let go on another: the system's allocator took about a sixth of
/// the time of indexing for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    capscope::cli::main()
}
