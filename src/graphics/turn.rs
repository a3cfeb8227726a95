//! Whose turn it is on a core: that of the thread that draws.

use std::time::Duration;

/// How far one who steps back stands behind, as `nice` counts.
#[cfg(target_os = "linux")]
const BEHIND: i32 = 10;

/// Has the calling thread, and all that it starts from now on, step back behind the thread that draws: it gets all of
/// a core that nobody else wants, and is put aside the moment a key is pressed. Decoding a large picture takes longer
/// than a turn of the scheduler, and with as many decoders as cores the one who draws would wait for it.
///
/// Nothing happens where a system has no such order for single threads.
pub fn step_back() {
    #[cfg(target_os = "linux")]
    {
        let thread = rustix::thread::gettid();
        // Who may not do that, as under a strict sandbox, only draws a little later.
        let _ = rustix::process::setpriority_process(Some(thread), BEHIND);
    }
}

/// How long cores have worked for the calling thread; none where the system does not tell.
pub fn worked_for_us() -> Option<Duration> {
    #[cfg(unix)]
    return Duration::try_from(rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime)).ok();
    #[cfg(not(unix))]
    return None;
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_worked_for() {
        let before = worked_for_us().unwrap();
        let found = (0..200_000_u64).fold(0, |sum, number| std::hint::black_box(sum ^ number));
        assert!(worked_for_us().unwrap() > before, "{found}");
    }

    #[test]
    fn a_thread_steps_back_and_so_do_those_that_it_starts() {
        let nice = || rustix::process::getpriority_process(Some(rustix::thread::gettid())).unwrap();
        let before = nice();
        let both = std::thread::spawn(move || {
            step_back();
            (nice(), std::thread::spawn(nice).join().unwrap())
        });
        let wanted = before.max(BEHIND);
        assert_eq!(both.join().unwrap(), (wanted, wanted));
        assert_eq!(nice(), before);
    }
}
