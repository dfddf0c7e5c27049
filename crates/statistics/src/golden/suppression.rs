//! What the neighbours of a hidden cell give away.

use super::*;

#[test]
fn attacks_on_hidden_cells() {
    for_each("attack", |case, name| {
        let rows = case["table"].as_array().unwrap().iter();
        let table: Vec<Vec<u64>> = rows
            .map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_u64().unwrap()).collect())
            .collect();
        let rows = case["hidden"].as_array().unwrap().iter();
        let hidden: Vec<Vec<bool>> = rows
            .map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_bool().unwrap()).collect())
            .collect();
        let found: Vec<[u64; 2]> =
            attack(&table, &hidden).iter().map(|cell| [cell.at_least, cell.at_most]).collect();
        assert_eq!(serde_json::to_value(found).unwrap(), case["ranges"], "{name}");
    });
}
