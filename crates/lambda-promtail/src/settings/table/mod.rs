//! The table of settings, which declares every variable once.

mod connection;
mod entries;
mod failures;
mod log;
mod push;
mod s3;
mod target;

use super::setting::Setting;

pub(super) use log::LOG_LEVEL;

/// The variables that the function reads, in the order of the documentation.
const GROUPS: [&[Setting]; 7] = [
    target::SETTINGS,
    entries::SETTINGS,
    connection::SETTINGS,
    log::SETTINGS,
    push::SETTINGS,
    failures::SETTINGS,
    s3::SETTINGS,
];

/// Returns the variables that the function reads, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    GROUPS.into_iter().flatten()
}

/// Returns the variable's place in the table; a name that is not in it comes last.
pub(super) fn place(name: &str) -> usize {
    all()
        .position(|setting| setting.name == name)
        .unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::raw::Raw;
    use super::super::setting::DefaultValue;
    use super::*;

    #[test]
    fn the_text_of_a_default_is_read_as_that_default() {
        let mut count = 0;
        for setting in all() {
            let DefaultValue::Text(text) = setting.default() else {
                continue;
            };
            let [mut default, mut given] = [Raw::default(), Raw::default()];
            setting.value.set_default(&mut default);
            let read = setting.value.read(&mut given, &text);
            assert!(read.is_ok(), "{}: {read:?}", setting.name);
            assert_eq!(format!("{given:?}"), format!("{default:?}"), "{}", setting.name);
            count += 1;
        }
        assert!(count > 15, "{count} settings have a default");
    }

    #[test]
    fn each_name_is_declared_once() {
        for setting in all() {
            let declared = all().filter(|other| other.name == setting.name).count();
            assert_eq!(declared, 1, "{}", setting.name);
        }
    }
}
