//! (room: action)
