//! The documentation's table of settings.

use super::setting::DefaultValue;
use super::table;

/// Returns the settings as a Markdown table.
pub fn markdown_table() -> String {
    let mut table = "| variable | default | meaning |\n| --- | --- | --- |\n".to_owned();
    for setting in table::all() {
        let default = match setting.default() {
            DefaultValue::Required => "required".to_owned(),
            DefaultValue::None => "none".to_owned(),
            DefaultValue::Text(text) => format!("`{text}`"),
        };
        table += &format!("| `{}` | {default} | {} |\n", setting.name, setting.meaning);
    }
    table
}
