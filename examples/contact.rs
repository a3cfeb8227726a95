use std::path::Path;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let n: usize = args[1].parse().unwrap();
    let seed: u64 = args[2].parse().unwrap();
    let dir = Path::new("/tmp/demoset");
    let _ = std::fs::remove_dir_all(dir);
    let t = std::time::Instant::now();
    let s = capscope::demo::write(dir, &capscope::demo::Plan { seed, scenes: n }, &mut |_, _| {}).unwrap();
    println!("{s:?} {:?}", t.elapsed());
    let cols = 5usize;
    let per = 25usize;
    for sheet in 0..n.div_ceil(per).min(6) {
        let mut big = image::RgbImage::new((cols * 388) as u32, (per / cols * 292) as u32);
        let mut small = image::RgbImage::new((cols * 244) as u32, (per / cols * 184) as u32);
        for k in 0..per {
            let i = sheet * per + k;
            if i >= n { break; }
            let p = image::open(dir.join(format!("images/{:04}.png", i + 1))).unwrap().to_rgb8();
            image::imageops::overlay(&mut big, &p, ((k % cols) * 388) as i64, ((k / cols) * 292) as i64);
            let t = image::imageops::resize(&p, 60, 45, image::imageops::FilterType::Triangle);
            let t = image::imageops::resize(&t, 240, 180, image::imageops::FilterType::Nearest);
            image::imageops::overlay(&mut small, &t, ((k % cols) * 244) as i64, ((k / cols) * 184) as i64);
        }
        big.save(format!("/tmp/sheet{sheet}.png")).unwrap();
        small.save(format!("/tmp/small{sheet}.png")).unwrap();
    }
}
