//! Finds comments that say "is no" before a noun, where English says "is not a".

use crate::language::Count;
use crate::source::SourceFile;

/// The verbs that are looked for before "no".
const VERBS: [&str; 4] = ["is", "are", "was", "were"];
/// The words after "no" with which the sentence is good English: "is no longer read", "is no more than 5".
const GOOD: [&str; 8] = ["longer", "more", "less", "better", "worse", "fewer", "way", "one"];

/// Counts the comments of a file, a line each, and finds those with "is no".
pub(crate) fn of(file: &SourceFile) -> Count {
    let mut count = Count::default();
    for (index, line) in file.text.lines().enumerate() {
        let Some((_, comment)) = line.split_once("//").filter(|(before, _)| !before.ends_with(':')) else {
            continue;
        };
        count.all += 1;
        if says_is_no(comment) {
            count.findings.push(file.finding(index + 1, comment));
        }
    }
    count
}

fn says_is_no(comment: &str) -> bool {
    let words: Vec<&str> = comment.split_whitespace().collect();
    let is_found = |at: usize| {
        let subject = at.checked_sub(1).and_then(|before| words.get(before));
        VERBS.contains(&words[at])
            && words.get(at + 1) == Some(&"no")
            && words.get(at + 2).is_some_and(|noun| !GOOD.contains(noun))
            && !subject.is_some_and(|subject| subject.eq_ignore_ascii_case("there"))
    };
    (0..words.len()).any(is_found)
}

#[cfg(test)]
mod tests {
    use super::says_is_no;

    #[test]
    fn is_no_noun_is_found() {
        assert!(says_is_no("/ What comes first is no header."));
        assert!(says_is_no(" these are no lines"));
        for good in [
            " there is no header",
            " There are no lines",
            " it is no longer read",
            " is not a header",
            " no header",
            " is no",
        ] {
            assert!(!says_is_no(good), "{good}");
        }
    }
}
