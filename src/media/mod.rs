//! (room: media)
