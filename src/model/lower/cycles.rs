//! Circles in "needs" relations.

/// One circle of a directed graph, its first member repeated at the end; none when there is none.
///
/// * `edges` — for each node the nodes it needs; each below `edges.len()`
///
/// Depth first without recursion, linear in nodes and edges; the circle found does not depend on anything but the order.
pub(super) fn find(edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; edges.len()];
    for start in 0..edges.len() {
        if marks[start] != Mark::New {
            continue;
        }
        // Node and the position of the next edge to follow.
        let mut path = vec![(start, 0)];
        marks[start] = Mark::Open;
        while let Some((node, next)) = path.last_mut() {
            let Some(&needed) = edges[*node].get(*next) else {
                marks[*node] = Mark::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match marks[needed] {
                Mark::Done => {}
                Mark::New => {
                    marks[needed] = Mark::Open;
                    path.push((needed, 0));
                }
                Mark::Open => {
                    let nodes = path.iter().map(|(node, _)| *node);
                    let mut cycle: Vec<usize> = nodes.skip_while(|node| *node != needed).collect();
                    cycle.push(needed);
                    return Some(cycle);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_circle_is_found_behind_a_tail_and_a_diamond_is_none() {
        let diamond = [vec![1, 2], vec![3], vec![3], vec![]];
        assert_eq!(find(&diamond), None);
        let tailed = [vec![1], vec![2], vec![3], vec![1]];
        assert_eq!(find(&tailed), Some(vec![1, 2, 3, 1]));
        assert_eq!(find(&[vec![0]]), Some(vec![0, 0]));
    }
}
