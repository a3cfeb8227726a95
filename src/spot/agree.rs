//! How far raters agree beyond chance.

use std::collections::BTreeMap;

/// Cohen's κ (1960) of two raters: `(p_o − p_e) / (1 − p_e)`, where `p_o` is the share on which they agree and `p_e` the
/// share that they would agree on if each kept to their own shares of the categories and no more. None where nothing was
/// rated by both, or both have said one and the same of all: then nothing is beyond chance.
pub fn kappa<C: Ord>(pairs: &[(C, C)]) -> Option<f64> {
    let all = pairs.len() as f64;
    let mut shares: BTreeMap<&C, [f64; 2]> = BTreeMap::new();
    let mut agreed = 0.0;
    for (one, other) in pairs {
        shares.entry(one).or_default()[0] += 1.0 / all;
        shares.entry(other).or_default()[1] += 1.0 / all;
        agreed += f64::from(u8::from(one == other)) / all;
    }
    let chance: f64 = shares.values().map(|[one, other]| one * other).sum();
    (all > 0.0 && chance < 1.0 - 1e-12).then(|| (agreed - chance) / (1.0 - chance))
}

/// Krippendorff's α (1980) for any number of raters and categories without an order, with gaps: `1 − D_o / D_e`, by the
/// matrix of coincidences. None where no unit has two values, or all values are the same.
pub fn krippendorff<C: Ord>(units: &[Vec<C>]) -> Option<f64> {
    let mut totals: BTreeMap<&C, f64> = BTreeMap::new();
    let mut agreed = 0.0;
    for unit in units.iter().filter(|unit| unit.len() > 1) {
        let mut own: BTreeMap<&C, f64> = BTreeMap::new();
        for value in unit {
            *own.entry(value).or_default() += 1.0;
        }
        let others = unit.len() as f64 - 1.0;
        for (value, many) in own {
            *totals.entry(value).or_default() += many;
            agreed += many * (many - 1.0) / others;
        }
    }
    let all: f64 = totals.values().sum();
    let chance: f64 = totals.values().map(|many| many * (many - 1.0)).sum();
    let spread = all * (all - 1.0) - chance;
    (spread > 0.0).then(|| 1.0 - (all - agreed) * (all - 1.0) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(table: [[usize; 2]; 2]) -> Vec<(usize, usize)> {
        let cells = [(0, 0), (0, 1), (1, 0), (1, 1)];
        cells.into_iter().flat_map(|(one, other)| vec![(one, other); table[one][other]]).collect()
    }

    #[test]
    fn kappa_of_known_tables() {
        for (table, expected) in [
            // 50 proposals, of which 35 were seen alike: p_e = 0.5.
            ([[20, 5], [10, 15]], 0.4),
            // The same agreement of 60 % twice, with other shares of the categories.
            ([[45, 15], [25, 15]], 0.1304),
            ([[25, 35], [5, 35]], 0.2593),
            ([[10, 0], [0, 10]], 1.0),
            ([[0, 10], [10, 0]], -1.0),
        ] {
            let found = kappa(&pairs(table)).unwrap();
            assert!((found - expected).abs() < 1e-4, "{table:?}: {found}");
        }
        assert_eq!((kappa::<u8>(&[]), kappa(&pairs([[9, 0], [0, 0]]))), (None, None));
        // Cohen 1960, table 1: three categories, 200 judgements.
        let counts = [
            ((0, 0), 50),
            ((0, 1), 26),
            ((0, 2), 24),
            ((1, 0), 24),
            ((1, 1), 4),
            ((1, 2), 32),
            ((2, 0), 6),
            ((2, 1), 30),
            ((2, 2), 4),
        ];
        let all: Vec<(u8, u8)> = counts.into_iter().flat_map(|(cell, many)| vec![cell; many]).collect();
        // p_o = 58 / 200, p_e = (100·80 + 60·60 + 40·60) / 200².
        assert!((kappa(&all).unwrap() - (0.29 - 0.35) / 0.65).abs() < 1e-12);
    }

    #[test]
    fn alpha_of_krippendorffs_example() {
        // Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", C: four observers, gaps, α = 0.743.
        let rows = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];
        let unit = |at: usize| {
            rows.iter().filter_map(|row| row.chars().nth(at).filter(|value| *value != '.')).collect()
        };
        let units: Vec<Vec<char>> = (0..12).map(unit).collect();
        assert!((krippendorff(&units).unwrap() - 0.743).abs() < 5e-4);
        assert_eq!(krippendorff(&[vec![1, 1], vec![1, 1, 1]]), None);
        assert_eq!(krippendorff(&[vec![1], vec![2]]), None);
    }
}
