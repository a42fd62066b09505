//! Correlation between numbers of any distributions, by way of normal ones.

use std::fmt;

use super::normal;
use crate::math;

/// Makes independent shares dependent as normal numbers of a given correlation matrix are (a Gaussian copula).
#[derive(Clone, Debug, PartialEq)]
pub struct Copula {
    /// Rows of the lower triangular factor L of the matrix, L·Lᵀ, up to the diagonal.
    factor: Vec<Vec<f64>>,
}

/// Why a matrix is no correlation matrix. Rows and columns count from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum CopulaError {
    /// A row has not as many numbers as there are rows.
    Shape {
        /// The row.
        row: usize,
        /// Its length.
        found: usize,
        /// Number of rows.
        expected: usize,
    },
    /// A number is not between −1 and 1, or, on the diagonal, not 1.
    Value {
        /// Its row and column.
        pair: (usize, usize),
        /// The number.
        value: f64,
    },
    /// Two numbers that mean the same pair differ.
    Asymmetric {
        /// The pair.
        pair: (usize, usize),
        /// What the two say.
        values: (f64, f64),
    },
    /// No numbers can be correlated like that.
    Impossible {
        /// The first number that cannot be so correlated with those before it, and the one of them with which it is most.
        pair: (usize, usize),
        /// The matrix's smallest eigenvalue, which is not above 0.
        eigenvalue: f64,
    },
}

impl CopulaError {
    /// The pair that is at fault; none when a row is too long or too short.
    pub fn pair(&self) -> Option<(usize, usize)> {
        match self {
            Self::Shape { .. } => None,
            Self::Value { pair, .. }
            | Self::Asymmetric { pair, .. }
            | Self::Impossible { pair, .. } => Some(*pair),
        }
    }
}

impl fmt::Display for CopulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape {
                row,
                found,
                expected,
            } => write!(f, "row {} has {found} numbers, not {expected}", row + 1),
            Self::Value {
                pair: (a, b),
                value,
            } if a == b => {
                write!(f, "the correlation with itself is {value}, not 1")
            }
            Self::Value { value, .. } => {
                write!(f, "the correlation {value} does not lie from -1 to 1")
            }
            Self::Asymmetric { values, .. } => {
                write!(
                    f,
                    "the correlation is {} one way and {} the other",
                    values.0, values.1
                )
            }
            Self::Impossible { eigenvalue, .. } => write!(
                f,
                "no numbers can have these correlations together: the smallest eigenvalue is {eigenvalue}, not above 0"
            ),
        }
    }
}

impl std::error::Error for CopulaError {}

/// Below this, a number is determined by those before it but for rounding errors.
const LEAST_PIVOT: f64 = 1e-12;

impl Copula {
    /// The copula of normal numbers with this correlation matrix, given by rows.
    ///
    /// # Errors
    /// The matrix is not square, symmetric and positive definite, or has no diagonal of ones.
    pub fn new(correlation: &[Vec<f64>]) -> Result<Self, CopulaError> {
        check(correlation)?;
        let mut factor: Vec<Vec<f64>> = Vec::with_capacity(correlation.len());
        for (row, told) in correlation.iter().enumerate() {
            let mut own = Vec::with_capacity(row + 1);
            for column in 0..row {
                let rest = told[column] - dot(&own, &factor[column]);
                own.push(rest / factor[column][column]);
            }
            let pivot = 1.0 - dot(&own, &own);
            if pivot <= LEAST_PIVOT {
                return Err(impossible(correlation, row));
            }
            own.push(pivot.sqrt());
            factor.push(own);
        }
        Ok(Self { factor })
    }

    /// Number of dimensions.
    pub fn dims(&self) -> usize {
        self.factor.len()
    }

    /// Independent shares in (0, 1) → dependent ones, each still uniform in (0, 1).
    ///
    /// # Panics
    /// When there are not as many shares as dimensions.
    pub fn apply(&self, u: &mut [f64]) {
        assert_eq!(u.len(), self.dims(), "one share for each dimension");
        u.iter_mut()
            .for_each(|share| *share = normal::quantile(*share));
        // From the last on: each takes what it needs of those before it, which are still independent.
        for (row, factor) in self.factor.iter().enumerate().rev() {
            u[row] = dot(factor, u);
        }
        // Far out the probability rounds to 0 or 1, whose quantiles may be infinite.
        let inside =
            |z: f64| normal::probability(z).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
        u.iter_mut().for_each(|z| *z = inside(*z));
    }
}

/// The correlation of normal numbers whose ranks have the correlation `rank` (Spearman's ρ), from −1 to 1.
///
/// Ranks keep their correlation whatever the distributions are, so it is the one to state for what is not normal.
/// Source: Pearson 1907, *Mathematical contributions to the theory of evolution XVI*: 2 sin(π ρ / 6).
pub fn of_rank_correlation(rank: f64) -> f64 {
    2.0 * math::sin(std::f64::consts::PI * rank / 6.0)
}

/// Sum of products, as long as the shorter one.
fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

fn check(correlation: &[Vec<f64>]) -> Result<(), CopulaError> {
    let expected = correlation.len();
    for (row, told) in correlation.iter().enumerate() {
        let found = told.len();
        if found != expected {
            return Err(CopulaError::Shape {
                row,
                found,
                expected,
            });
        }
    }
    for (row, told) in correlation.iter().enumerate() {
        for (column, &value) in told.iter().enumerate().take(row + 1) {
            let (pair, other) = ((row, column), correlation[column][row]);
            // Written so that NaN is refused too.
            let fits = if row == column {
                value == 1.0
            } else {
                value.abs() <= 1.0
            };
            if !fits {
                return Err(CopulaError::Value { pair, value });
            }
            if value != other {
                let values = (value, other);
                return Err(CopulaError::Asymmetric { pair, values });
            }
        }
    }
    Ok(())
}

fn impossible(correlation: &[Vec<f64>], row: usize) -> CopulaError {
    let before = correlation[row][..row].iter().enumerate();
    let strongest = before.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    CopulaError::Impossible {
        pair: (row, strongest.map_or(row, |(column, _)| column)),
        eigenvalue: smallest_eigenvalue(correlation),
    }
}

/// By Jacobi's rotations, which always converge; the matrices here are small.
///
/// Source: Golub and Van Loan 2013, *Matrix Computations*, 4th ed., 8.5.
fn smallest_eigenvalue(matrix: &[Vec<f64>]) -> f64 {
    let mut matrix = matrix.to_vec();
    let n = matrix.len();
    // Convergence is quadratic: ten sweeps are more than enough.
    for _ in 0..10 {
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut matrix, p, q);
            }
        }
    }
    (0..n).map(|i| matrix[i][i]).fold(f64::INFINITY, f64::min)
}

/// Makes the element (p, q) zero.
fn rotate(matrix: &mut [Vec<f64>], p: usize, q: usize) {
    let off = matrix[p][q];
    if off == 0.0 {
        return;
    }
    let half = (matrix[q][q] - matrix[p][p]) / (2.0 * off);
    let tangent = half.signum() / (half.abs() + (half * half + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    for row in matrix.iter_mut() {
        let (a, b) = (row[p], row[q]);
        row[p] = cosine * a - sine * b;
        row[q] = sine * a + cosine * b;
    }
    // Rows after columns, p before q.
    let (above, below) = matrix.split_at_mut(q);
    for (a, b) in above[p].iter_mut().zip(&mut below[0]) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}

#[cfg(test)]
mod tests {
    use super::super::sampler::{Sampler, Sampling};
    use super::*;

    fn matrix<const N: usize>(rows: [[f64; N]; N]) -> Vec<Vec<f64>> {
        rows.iter().map(|row| row.to_vec()).collect()
    }

    /// Dependent shares of 4096 scrambled Sobol points.
    fn shares(copula: &Copula) -> Vec<Vec<f64>> {
        let n = 4096;
        let sampler = Sampler::new(Sampling::Sobol, copula.dims(), n, Some(1)).unwrap();
        let share = |run| {
            let mut point = vec![0.0; copula.dims()];
            sampler.point(run, &mut point);
            copula.apply(&mut point);
            point
        };
        (0..n).map(share).collect()
    }

    /// Spearman's ρ: the correlation of ranks.
    fn rank_correlation(points: &[Vec<f64>], a: usize, b: usize) -> f64 {
        let ranks = |dim: usize| {
            let mut order: Vec<usize> = (0..points.len()).collect();
            order.sort_by(|i, j| points[*i][dim].total_cmp(&points[*j][dim]));
            let mut ranks = vec![0.0; points.len()];
            (0..points.len()).for_each(|rank| ranks[order[rank]] = rank as f64);
            ranks
        };
        let n = points.len() as f64;
        let squares = ranks(a)
            .iter()
            .zip(ranks(b))
            .map(|(a, b)| (a - b) * (a - b))
            .sum::<f64>();
        1.0 - 6.0 * squares / (n * (n * n - 1.0))
    }

    #[test]
    fn ranks_have_the_correlation_that_was_asked_for_and_each_number_stays_uniform() {
        let asked = [(1, 0, 0.6), (2, 0, -0.3), (2, 1, 0.2)];
        let mut correlation = matrix([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
        for (a, b, rank) in asked {
            correlation[a][b] = of_rank_correlation(rank);
            correlation[b][a] = correlation[a][b];
        }
        let points = shares(&Copula::new(&correlation).unwrap());
        for (a, b, rank) in asked {
            // Independent points would have a standard error of 0.016; these are spread more evenly.
            let found = rank_correlation(&points, a, b);
            assert!((found - rank).abs() < 0.01, "{a}, {b}: {found}");
        }
        for dim in 0..3 {
            for tenth in 1..10 {
                let below = |point: &&Vec<f64>| point[dim] < f64::from(tenth) / 10.0;
                let share = points.iter().filter(below).count() as f64 / 4096.0;
                assert!((share - f64::from(tenth) / 10.0).abs() < 0.01, "{share}");
            }
        }
    }

    #[test]
    fn without_correlation_nothing_changes() {
        let copula = Copula::new(&matrix([[1.0, 0.0], [0.0, 1.0]])).unwrap();
        let mut point = [0.1, 0.975];
        copula.apply(&mut point);
        assert!((point[0] - 0.1).abs() < 1e-15 && (point[1] - 0.975).abs() < 1e-15);
    }

    #[test]
    fn the_factor_is_that_of_the_textbook() {
        // For two numbers L is [1, 0; ρ, √(1 − ρ²)].
        let copula = Copula::new(&matrix([[1.0, 0.6], [0.6, 1.0]])).unwrap();
        assert_eq!(copula.factor[1][0], 0.6);
        assert!((copula.factor[1][1] - 0.8).abs() < 1e-15);
    }

    #[test]
    fn the_ends_are_never_reached() {
        let copula = Copula::new(&matrix([[1.0, 0.999], [0.999, 1.0]])).unwrap();
        let mut point = [1.0 - f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0];
        copula.apply(&mut point);
        assert!(
            point.iter().all(|share| *share > 0.0 && *share < 1.0),
            "{point:?}"
        );
    }

    #[test]
    fn matrices_that_are_none_are_refused_with_their_pair() {
        let refusal = |rows: Vec<Vec<f64>>| Copula::new(&rows).unwrap_err();
        let ragged = refusal(vec![vec![1.0], vec![0.0, 1.0]]);
        assert_eq!(ragged.to_string(), "row 1 has 1 numbers, not 2");
        let beyond = refusal(matrix([[1.0, 1.2], [1.2, 1.0]]));
        assert_eq!(
            (beyond.pair(), beyond.to_string()),
            (
                Some((1, 0)),
                "the correlation 1.2 does not lie from -1 to 1".into()
            )
        );
        assert_eq!(
            refusal(matrix([[1.0, 0.0], [0.0, 0.9]])).pair(),
            Some((1, 1))
        );
        assert!(matches!(
            refusal(matrix([[1.0, f64::NAN], [f64::NAN, 1.0]])),
            CopulaError::Value { .. }
        ));
        let two_ways = refusal(matrix([[1.0, 0.5], [0.4, 1.0]]));
        assert_eq!(
            two_ways.to_string(),
            "the correlation is 0.4 one way and 0.5 the other"
        );
    }

    #[test]
    fn impossible_correlations_name_their_pair_and_eigenvalue() {
        // All three pairs at −0.6: eigenvalues 1 + 0.6 twice and 1 − 2·0.6 = −0.2.
        let rows = matrix([[1.0, -0.6, -0.6], [-0.6, 1.0, -0.6], [-0.6, -0.6, 1.0]]);
        let Err(CopulaError::Impossible { pair, eigenvalue }) = Copula::new(&rows) else {
            panic!("not positive definite");
        };
        assert_eq!(pair.0, 2);
        assert!((eigenvalue + 0.2).abs() < 1e-14, "{eigenvalue}");
        let twins = Copula::new(&matrix([[1.0, 1.0], [1.0, 1.0]]));
        assert!(matches!(
            twins,
            Err(CopulaError::Impossible { pair: (1, 0), .. })
        ));
    }
}
