//! The Vendi score: how many different things there effectively are among some, given how alike each
//! two of them are (Friedman & Dieng, 2210.02410). It is the exponential of the entropy of the
//! eigenvalues of K / n.

/// Turns of the whole matrix at most.
const MOST_SWEEPS: usize = 64;

/// The score of n things with the similarity `kernel(i, j)`: symmetric, 1 for a thing with itself; from
/// 1 to n, and 0 of nothing. Takes time in n³: for some hundreds.
pub fn vendi(n: usize, kernel: impl Fn(usize, usize) -> f64) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let mut matrix: Vec<Vec<f64>> = (0..n)
        .map(|row| (0..n).map(|column| kernel(row.min(column), row.max(column)) / n as f64).collect())
        .collect();
    diagonalise(&mut matrix);
    let eigenvalues = (0..n).map(|at| matrix[at][at]).filter(|value| *value > 0.0);
    eigenvalues.map(|value| -value * value.ln()).sum::<f64>().exp()
}

/// Jacobi's method: turns the matrix until nothing is left beside its diagonal.
fn diagonalise(matrix: &mut [Vec<f64>]) {
    let n = matrix.len();
    for _ in 0..MOST_SWEEPS {
        let beside: f64 = (0..n)
            .flat_map(|row| (0..row).map(move |column| (row, column)))
            .map(|(row, column)| matrix[row][column] * matrix[row][column])
            .sum();
        if beside < 1e-24 || !beside.is_finite() {
            return;
        }
        for row in 0..n {
            for column in row + 1..n {
                turn(matrix, row, column);
            }
        }
    }
}

/// Turns two axes so that their common element becomes 0.
fn turn(matrix: &mut [Vec<f64>], p: usize, q: usize) {
    let common = matrix[p][q];
    if common.abs() < 1e-300 {
        return;
    }
    let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * common);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for row in matrix.iter_mut() {
        let (x, y) = (row[p], row[q]);
        row[p] = cosine * x - sine * y;
        row[q] = sine * x + cosine * y;
    }
    let (above, below) = matrix.split_at_mut(q);
    if let (Some(first), Some(second)) = (above.get_mut(p), below.first_mut()) {
        for (x, y) in first.iter_mut().zip(second) {
            (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_scores_come_out() {
        let points = [0.0_f64, 0.0, 10.0, 10.0, 20.0, 20.0];
        let score = vendi(6, |one, other| (-(points[one] - points[other]).abs()).exp());
        assert!((score - 2.9999).abs() < 1e-4, "{score}");
        let kernel = [[1.0, 0.9, 0.0], [0.9, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let score = vendi(3, |one, other| kernel[one][other]);
        assert!((score - 2.1573).abs() < 5e-5, "{score}");
    }

    #[test]
    fn the_score_goes_from_one_to_all() {
        assert!((vendi(5, |_, _| 1.0) - 1.0).abs() < 1e-9);
        assert!((vendi(5, |one, other| f64::from(u8::from(one == other))) - 5.0).abs() < 1e-9);
        assert!(vendi(0, |_, _| 1.0).abs() < 1e-9);
        assert!(vendi(3, |_, _| f64::NAN).is_finite());
    }
}
