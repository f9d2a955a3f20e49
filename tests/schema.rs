//! The record's JSON Schema is shipped, and is the one that the types give.

#[test]
fn the_shipped_schema_is_the_records() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/record.schema.json");
    let schema = schemars::schema_for!(asregistered::record::Record);
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        asregistered::source::write_whole(&path, text.as_bytes()).unwrap();
    }
    let shipped = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        shipped, text,
        "run UPDATE_SCHEMA=1 cargo test --test schema, and read the difference"
    );
}
