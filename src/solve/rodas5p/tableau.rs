//! The coefficients of Rodas5P, in the form without products with the Jacobian.
//!
//! With W = M/(hγ) − J the increments are
//! `W uᵢ = f(t + cᵢ h, y + Σ aᵢⱼ uⱼ) + M Σ (Cᵢⱼ/h) uⱼ + h dᵢ ∂f/∂t`, sums over j < i.
//! The arguments of stages 7 and 8 are the argument before plus the increment before, the new state is the
//! argument of stage 8 plus u₈, and u₈ is the error estimate.
//!
//! Source: Steinebach 2023, Construction of Rosenbrock–Wanner method Rodas5P and numerical benchmarks within
//! the Julia Differential Equations package, BIT Numerical Mathematics 63:27.

/// Number of stages.
pub const STAGES: usize = 8;

/// The diagonal coefficient γ.
pub const GAMMA: f64 = 0.21193756319429014;

/// Order of the error estimate plus one: the estimate shrinks like this power of the step.
pub const ESTIMATE_POWER: f64 = 5.0;

/// aᵢⱼ of stages 1 to 6 (rows), j < i; the rest is zero.
pub const A: [[f64; 5]; 6] = [
    [0.0; 5],
    [3.0, 0.0, 0.0, 0.0, 0.0],
    [2.849394379747939, 0.45842242204463923, 0.0, 0.0, 0.0],
    [
        -6.954028509809101,
        2.489845061869568,
        -10.358996098473584,
        0.0,
        0.0,
    ],
    [
        2.8029986275628964,
        0.5072464736228206,
        -0.3988312541770524,
        -0.04721187230404641,
        0.0,
    ],
    [
        -7.502846399306121,
        2.561846144803919,
        -11.627539656261098,
        -0.18268767659942256,
        0.030198172008377946,
    ],
];

/// Cᵢⱼ of stages 1 to 8 (rows), j < i; the rest is zero.
pub const C: [[f64; 7]; 8] = [
    [0.0; 7],
    [-14.155112264123755, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [
        -17.97296035885952,
        -2.859693295451294,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
    [
        147.12150275711716,
        -1.41221402718213,
        71.68940251302358,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
    [
        165.43517024871676,
        -0.4592823456491126,
        42.90938336958603,
        -5.961986721573306,
        0.0,
        0.0,
        0.0,
    ],
    [
        24.854864614690072,
        -3.0009227002832186,
        47.4931110020768,
        5.5814197821558125,
        -0.6610691825249471,
        0.0,
        0.0,
    ],
    [
        30.91273214028599,
        -3.1208243349937974,
        77.79954646070892,
        34.28646028294783,
        -19.097331116725623,
        -28.087943162872662,
        0.0,
    ],
    [
        37.80277123390563,
        -3.2571969029072276,
        112.26918849496327,
        66.9347231244047,
        -40.06618937091002,
        -54.66780262877968,
        -9.48861652309627,
    ],
];

/// cᵢ: where in the step a stage asks for f, as a share of h.
pub const NODES: [f64; 8] = [
    0.0,
    0.6358126895828704,
    0.4095798393397535,
    0.9769306725060716,
    0.4288403609558664,
    1.0,
    1.0,
    1.0,
];

/// dᵢ: the weight of ∂f/∂t.
pub const D: [f64; 8] = [
    0.21193756319429014,
    -0.42387512638858027,
    -0.3384627126235924,
    1.8046452872882734,
    2.325825639765069,
    0.0,
    0.0,
    0.0,
];

/// Hₘⱼ: the dense output is (1−θ) y₀ + θ (y₁ + (1−θ) (k₁ + θ (k₂ + θ k₃))) with kₘ = Σ Hₘⱼ uⱼ.
pub const H: [[f64; 8]; 3] = [
    [
        25.948786856663858,
        -2.5579724845846235,
        10.433815404888879,
        -2.3679251022685204,
        0.524948541321073,
        1.1241088310450404,
        0.4272876194431874,
        -0.17202221070155493,
    ],
    [
        -9.91568850695171,
        -0.9689944594115154,
        3.0438037242978453,
        -24.495224566215796,
        20.176138334709044,
        15.98066361424651,
        -6.789040303419874,
        -6.710236069923372,
    ],
    [
        11.419903575922262,
        2.8879645146136994,
        72.92137995996029,
        80.12511834622643,
        -52.072871366152654,
        -59.78993625266729,
        -0.15582684282751913,
        4.883087185713722,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    type Matrix = [[f64; STAGES]; STAGES];

    /// All rows of a, stages 7 and 8 written out.
    fn full_a() -> Matrix {
        let mut a = [[0.0; STAGES]; STAGES];
        for (row, given) in a.iter_mut().zip(A) {
            row[..5].copy_from_slice(&given);
        }
        a[6] = a[5];
        a[6][5] = 1.0;
        a[7] = a[6];
        a[7][6] = 1.0;
        a
    }

    /// Γ, from Γ⁻¹ = 1/γ − C.
    #[expect(
        clippy::needless_range_loop,
        reason = "the rows above are read while a row is written"
    )]
    fn gamma() -> Matrix {
        let mut inverse = [[0.0; STAGES]; STAGES];
        for (i, row) in inverse.iter_mut().enumerate() {
            for (to, from) in row.iter_mut().zip(C[i]) {
                *to = -from;
            }
            row[i] = 1.0 / GAMMA;
        }
        let mut gamma = [[0.0; STAGES]; STAGES];
        for i in 0..STAGES {
            for column in 0..=i {
                let unit = if i == column { 1.0 } else { 0.0 };
                let known: f64 = (column..i).map(|k| inverse[i][k] * gamma[k][column]).sum();
                gamma[i][column] = (unit - known) * GAMMA;
            }
        }
        gamma
    }

    fn product(a: &Matrix, b: &Matrix) -> Matrix {
        let mut out = [[0.0; STAGES]; STAGES];
        for i in 0..STAGES {
            for j in 0..STAGES {
                out[i][j] = (0..STAGES).map(|k| a[i][k] * b[k][j]).sum();
            }
        }
        out
    }

    /// A rooted tree: its branches.
    struct Tree(Vec<Tree>);

    impl Tree {
        fn order(&self) -> usize {
            1 + self.0.iter().map(Tree::order).sum::<usize>()
        }

        /// The density: the product of the orders of all subtrees.
        fn density(&self) -> f64 {
            self.0
                .iter()
                .fold(self.order() as f64, |d, branch| d * branch.density())
        }

        /// What each stage gives: single branches hang on β, several on α.
        fn stages(&self, alpha: &Matrix, beta: &Matrix) -> [f64; STAGES] {
            let mut out = [1.0; STAGES];
            let matrix = if self.0.len() == 1 { beta } else { alpha };
            for branch in &self.0 {
                let below = branch.stages(alpha, beta);
                for (i, o) in out.iter_mut().enumerate() {
                    *o *= (0..STAGES).map(|j| matrix[i][j] * below[j]).sum::<f64>();
                }
            }
            out
        }
    }

    fn forests(order: usize, largest: usize) -> Vec<Vec<Tree>> {
        if order == 0 {
            return vec![Vec::new()];
        }
        let mut out = Vec::new();
        for first in 1..=order.min(largest) {
            let n_first = trees(first).len();
            for rest in forests(order - first, first) {
                // Of equal orders each pair once: the index of the first must not be below the next.
                let bound = rest
                    .first()
                    .filter(|t| t.order() == first)
                    .map_or(0, |t| position(t, first));
                for k in bound..n_first {
                    let mut forest = vec![trees(first).swap_remove(k)];
                    forest.extend(rest.iter().map(copy));
                    out.push(forest);
                }
            }
        }
        out
    }

    fn copy(tree: &Tree) -> Tree {
        Tree(tree.0.iter().map(copy).collect())
    }

    fn shape(tree: &Tree) -> String {
        format!("[{}]", tree.0.iter().map(shape).collect::<String>())
    }

    fn position(tree: &Tree, order: usize) -> usize {
        trees(order)
            .iter()
            .position(|t| shape(t) == shape(tree))
            .unwrap()
    }

    fn trees(order: usize) -> Vec<Tree> {
        forests(order - 1, order).into_iter().map(Tree).collect()
    }

    #[test]
    fn there_are_seventeen_conditions_up_to_order_five() {
        assert_eq!(
            (1..=5).map(|order| trees(order).len()).collect::<Vec<_>>(),
            [1, 1, 2, 4, 9]
        );
    }

    /// Largest failing of Σ bᵢ Φᵢ = 1/density over the trees of the orders given.
    fn worst_condition(weights: &[f64; STAGES], orders: std::ops::RangeInclusive<usize>) -> f64 {
        let gamma = gamma();
        let alpha = product(&full_a(), &gamma);
        let mut beta = alpha;
        for i in 0..STAGES {
            for j in 0..STAGES {
                beta[i][j] += gamma[i][j];
            }
        }
        let mut b = [0.0; STAGES];
        for (j, b) in b.iter_mut().enumerate() {
            *b = (0..STAGES).map(|i| weights[i] * gamma[i][j]).sum();
        }
        let mut worst = 0.0f64;
        for tree in orders.flat_map(trees) {
            let sum: f64 = b
                .iter()
                .zip(tree.stages(&alpha, &beta))
                .map(|(b, s)| b * s)
                .sum();
            worst = worst.max((sum - 1.0 / tree.density()).abs());
        }
        worst
    }

    fn weights() -> [f64; STAGES] {
        let mut m = full_a()[7];
        m[7] = 1.0;
        m
    }

    #[test]
    fn the_method_meets_all_order_conditions_up_to_five() {
        // The conditions sum numbers near 100, so 16 digits leave about 1e-13.
        assert!(worst_condition(&weights(), 1..=5) < 1e-12);
    }

    #[test]
    fn the_embedded_method_is_of_order_four_and_not_of_five() {
        let embedded = full_a()[7];
        assert!(worst_condition(&embedded, 1..=4) < 1e-12);
        assert!(worst_condition(&embedded, 5..=5) > 1e-5);
    }

    #[test]
    fn nodes_and_time_weights_are_the_row_sums_of_the_matrices() {
        let gamma = gamma();
        let alpha = product(&full_a(), &gamma);
        for i in 0..STAGES {
            assert!(
                (alpha[i].iter().sum::<f64>() - NODES[i]).abs() < 1e-13,
                "node {i}"
            );
            assert!(
                (gamma[i].iter().sum::<f64>() - D[i]).abs() < 1e-13,
                "weight {i}"
            );
        }
    }
}
