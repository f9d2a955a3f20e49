//! B-splines and natural splines, column by column as R's `splines` package has them.

/// A spline's basis: piecewise polynomials of one degree that join smoothly at knots.
///
/// B_{i,p}(x) = (x − u_i)/(u_{i+p} − u_i) B_{i,p−1}(x) + (u_{i+p+1} − x)/(u_{i+p+1} − u_{i+1}) B_{i+1,p−1}(x), the first one
/// left out (de Boor 1978, ISBN 9780387953663). A natural one turns the cubic's so that the combinations with second
/// derivatives at the boundary come first, and leaves these two out: Householder's reflections with LINPACK's signs, as R's
/// `qr`. Held by tests/oracle/splines.R.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spline {
    degree: usize,
    /// With the boundary knots `degree + 1` times at each end.
    knots: Vec<f64>,
    boundary: (f64, f64),
    /// Of a natural one: the two reflections.
    reflections: Option<[Vec<f64>; 2]>,
}

impl Spline {
    /// From interior knots that ascend strictly within the boundary.
    pub fn new(degree: usize, interior: &[f64], boundary: (f64, f64), natural: bool) -> Spline {
        let end = |knot: f64| std::iter::repeat_n(knot, degree + 1);
        let inside = interior.iter().copied();
        let mut spline = Spline {
            degree,
            knots: end(boundary.0).chain(inside).chain(end(boundary.1)).collect(),
            boundary,
            reflections: None,
        };
        if natural {
            let bend = |at: f64| spline.differentiated(degree, at, at, 2).split_off(1);
            spline.reflections = Some(reflections(bend(boundary.0), bend(boundary.1)));
        }
        spline
    }

    /// The basis at a number. Beyond the boundary a natural spline goes on as a line, another as its last polynomial.
    pub fn values(&self, x: f64) -> Vec<f64> {
        let pivot = x.clamp(self.boundary.0, self.boundary.1);
        if self.reflections.is_none() || pivot == x {
            return self.turned(self.differentiated(self.degree, pivot, x, 0));
        }
        let level = self.differentiated(self.degree, pivot, pivot, 0);
        let rise = self.differentiated(self.degree, pivot, pivot, 1);
        let line = level.iter().zip(&rise).map(|(b, d)| b + d * (x - pivot));
        self.turned(line.collect())
    }

    /// The basis' derivatives at a number.
    pub fn slopes(&self, x: f64) -> Vec<f64> {
        let pivot = x.clamp(self.boundary.0, self.boundary.1);
        let at = if self.reflections.is_some() { pivot } else { x };
        self.turned(self.differentiated(self.degree, pivot, at, 1))
    }

    /// Without the first, which with the others sums to the intercept; of a natural spline what bends nowhere beyond.
    fn turned(&self, mut basis: Vec<f64>) -> Vec<f64> {
        basis.remove(0);
        let Some(reflections) = &self.reflections else {
            return basis;
        };
        for (pivot, reflection) in reflections.iter().enumerate() {
            reflect(reflection, pivot, &mut basis);
        }
        basis.split_off(2)
    }

    /// Every B-spline's derivative of some order at `x`, by the polynomials of the piece that `pivot` lies in.
    fn differentiated(&self, degree: usize, pivot: f64, x: f64, order: usize) -> Vec<f64> {
        if degree == 0 {
            let piece = self.piece(pivot);
            let own = |at: usize| f64::from(u8::from(order == 0 && at == piece));
            return (0..self.knots.len() - 1).map(own).collect();
        }
        let lower = self.differentiated(degree - 1, pivot, x, order.saturating_sub(1));
        let share = |up: f64, over: f64| if over == 0.0 { 0.0 } else { up / over };
        let of = |i: usize| {
            let (from, to) = (self.knots[i], self.knots[i + degree]);
            let (next, end) = (self.knots[i + 1], self.knots[i + degree + 1]);
            if order > 0 {
                return degree as f64 * (share(lower[i], to - from) - share(lower[i + 1], end - next));
            }
            share((x - from) * lower[i], to - from) + share((end - x) * lower[i + 1], end - next)
        };
        (0..self.knots.len() - degree - 1).map(of).collect()
    }

    /// The knot at which the piece begins that a number lies in; the last piece has both its ends.
    fn piece(&self, x: f64) -> usize {
        let last = self.knots.len() - self.degree - 2;
        let after = self.knots.iter().position(|knot| *knot > x);
        after.map_or(last, |at| (at - 1).clamp(self.degree, last))
    }
}

/// The reflections that make two columns upper triangular, as LINPACK's `dqrdc` finds them.
fn reflections(mut first: Vec<f64>, mut second: Vec<f64>) -> [Vec<f64>; 2] {
    found(&mut first, 0);
    reflect(&first, 0, &mut second);
    found(&mut second, 1);
    [first, second]
}

fn found(column: &mut [f64], pivot: usize) {
    let size = column.iter().skip(pivot).map(|v| v * v).sum::<f64>().sqrt();
    let size = if column[pivot] < 0.0 { -size } else { size };
    for (at, value) in column.iter_mut().enumerate() {
        *value = if at < pivot { 0.0 } else { *value / size };
    }
    column[pivot] += 1.0;
}

fn reflect(reflection: &[f64], pivot: usize, of: &mut [f64]) {
    let along: f64 = reflection.iter().zip(of.iter()).map(|(r, v)| r * v).sum();
    let scale = along / reflection[pivot];
    of.iter_mut().zip(reflection).for_each(|(v, r)| *v -= scale * r);
}
