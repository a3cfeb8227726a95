//! capscope: a terminal explorer for enriched image-caption data sets.
//!
//! Each module is a room with a door. `ARCHITECTURE.md` tells what each is for, which may call which,
//! and how a key press or a file travels through them.

pub mod action;
pub mod app;
pub mod cli;
pub mod dataset;
pub mod demo;
pub mod export;
pub mod graphics;
pub mod index;
pub mod measure;
pub mod media;
pub mod model;
pub mod pairs;
pub mod query;
pub mod report;
pub mod screens;
pub mod spot;
#[cfg(test)]
mod testing;
pub mod text;
pub mod ui;
pub mod vqa;
pub mod worker;
pub mod workspace;
