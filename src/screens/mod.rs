//! (room: screens)
