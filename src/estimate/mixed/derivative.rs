//! First and second derivatives by central differences, extrapolated to a step of zero (Richardson 1911,
//! doi:10.1098/rsta.1911.0009; the scheme of R's numDeriv).

/// A gradient and the Hessian's rows.
pub(super) struct Derivatives {
    pub gradient: Vec<f64>,
    pub hessian: Vec<Vec<f64>>,
}

/// The largest step: a tenth of the value, and for values near zero of a tenth.
fn step(x: f64) -> f64 {
    0.1 * x.abs().max(0.1)
}

/// Σ over halved steps: differences with errors in even powers of h to their limit.
fn limit(mut differences: Vec<f64>) -> f64 {
    let mut power = 1.0;
    while differences.len() > 1 {
        power *= 4.0;
        differences = differences
            .windows(2)
            .map(|w| (power * w[1] - w[0]) / (power - 1.0))
            .collect();
    }
    differences.first().copied().unwrap_or(f64::NAN)
}

/// Gradient and Hessian of `f` at `x`, where `f` is `centre`, with `halvings` steps. Nothing where `f` is nothing.
pub(super) fn derivatives(
    f: &dyn Fn(&[f64]) -> Option<f64>,
    x: &[f64],
    centre: f64,
    halvings: i32,
) -> Option<Derivatives> {
    let k = x.len();
    let at = |moves: &[(usize, f64)]| -> Option<f64> {
        let mut moved = x.to_vec();
        moves.iter().for_each(|(i, h)| moved[*i] += h);
        f(&moved)
    };
    let sizes = |i: usize| (0..halvings).map(move |s| step(x[i]) / f64::from(1 << s));
    let mut out = Derivatives {
        gradient: vec![0.0; k],
        hessian: vec![vec![0.0; k]; k],
    };
    let mut curvatures = Vec::new();
    for i in 0..k {
        let pairs = sizes(i)
            .map(|h| Some((h, at(&[(i, h)])?, at(&[(i, -h)])?)))
            .collect::<Option<Vec<_>>>()?;
        out.gradient[i] = limit(
            pairs
                .iter()
                .map(|(h, up, down)| (up - down) / (2.0 * h))
                .collect(),
        );
        let second: Vec<f64> = pairs
            .iter()
            .map(|(h, up, down)| ((up - centre) + (down - centre)) / (h * h))
            .collect();
        out.hessian[i][i] = limit(second.clone());
        curvatures.push(second);
    }
    for i in 0..k {
        for j in 0..i {
            let mut mixed = Vec::new();
            for (s, (a, b)) in sizes(i).zip(sizes(j)).enumerate() {
                let (up, down) = (at(&[(i, a), (j, b)])?, at(&[(i, -a), (j, -b)])?);
                let own = curvatures[i][s] * a * a + curvatures[j][s] * b * b;
                mixed.push(((up - centre) + (down - centre) - own) / (2.0 * a * b));
            }
            out.hessian[i][j] = limit(mixed);
            out.hessian[j][i] = out.hessian[i][j];
        }
    }
    Some(out)
}

/// For each coordinate of `x`, the derivative of every value of `f`.
pub(super) fn jacobian(
    f: &dyn Fn(&[f64]) -> Option<Vec<f64>>,
    x: &[f64],
    halvings: i32,
) -> Option<Vec<Vec<f64>>> {
    let mut out = Vec::new();
    for i in 0..x.len() {
        let mut rounds = Vec::new();
        for s in 0..halvings {
            let h = step(x[i]) / f64::from(1 << s);
            let (mut up, mut down) = (x.to_vec(), x.to_vec());
            up[i] += h;
            down[i] -= h;
            let ends = f(&up)?.into_iter().zip(f(&down)?);
            rounds.push(ends.map(|(u, d)| (u - d) / (2.0 * h)).collect::<Vec<f64>>());
        }
        let width = rounds.first().map_or(0, Vec::len);
        let one = |v: usize| limit(rounds.iter().map(|r| r[v]).collect());
        out.push((0..width).map(one).collect());
    }
    Some(out)
}
