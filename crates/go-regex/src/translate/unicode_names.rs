//! The names that `\p{...}` accepts: general categories, their aliases, and scripts, in lower case and without `_`
//! (Unicode's `PropertyValueAliases.txt`).

/// The general categories and their aliases.
const CATEGORIES: &str = "c casedletter cc cf closepunctuation cn cntrl co combiningmark connectorpunctuation control cs
    currencysymbol dashpunctuation decimalnumber digit enclosingmark finalpunctuation format initialpunctuation l lc
    letter letternumber lineseparator ll lm lo lowercaseletter lt lu m mark mathsymbol mc me mn modifierletter
    modifiersymbol n nd nl no nonspacingmark number openpunctuation other otherletter othernumber otherpunctuation
    othersymbol p paragraphseparator pc pd pe pf pi po privateuse ps punct punctuation s sc separator sk sm so
    spaceseparator spacingmark surrogate symbol titlecaseletter unassigned uppercaseletter z zl zp zs";

/// The scripts.
const SCRIPTS: &str = "adlam ahom anatolianhieroglyphs arabic armenian avestan balinese bamum bassavah batak bengali
    bhaiksuki bopomofo brahmi braille buginese buhid canadianaboriginal carian caucasianalbanian chakma cham cherokee
    chorasmian common coptic cuneiform cypriot cyprominoan cyrillic deseret devanagari divesakuru dogra duployan
    egyptianhieroglyphs elbasan elymaic ethiopic georgian glagolitic gothic grantha greek gujarati gunjalagondi gurmukhi
    han hangul hanifirohingya hanunoo hatran hebrew hiragana imperialaramaic inherited inscriptionalpahlavi
    inscriptionalparthian javanese kaithi kannada katakana kawi kayahli kharoshthi khitansmallscript khmer khojki
    khudawadi lao latin lepcha limbu lineara linearb lisu lycian lydian mahajani makasar malayalam mandaic manichaean
    marchen masaramgondi medefaidrin meeteimayek mendekikakui meroiticcursive meroitichieroglyphs miao modi mongolian mro
    multani myanmar nabataean nagmundari nandinagari newa newtailue nko nushu nyiakengpuachuehmong ogham olchiki
    oldhungarian olditalic oldnortharabian oldpermic oldpersian oldsogdian oldsoutharabian oldturkic olduyghur oriya osage
    osmanya pahawhhmong palmyrene paucinhau phagspa phoenician psalterpahlavi rejang runic samaritan saurashtra sharada
    shavian siddham signwriting sinhala sogdian sorasompeng soyombo sundanese sylotinagri syriac tagalog tagbanwa taile
    taitham taiviet takri tamil tangsa tangut telugu thaana thai tibetan tifinagh tirhuta toto ugaritic vai vithkuqi
    wancho warangciti yezidi yi zanabazarsquare";

/// Returns the regex crate's name for the class that Go calls `name`.
///
/// Case, spaces, hyphens and underscores in the name are ignored.
pub(crate) fn query(name: &str) -> Option<String> {
    let name: String = name
        .chars()
        .filter(|char| !matches!(char, ' ' | '-' | '_'))
        .map(|char| char.to_ascii_lowercase())
        .collect();
    let known = |names: &str| names.split_ascii_whitespace().any(|known| known == name);
    match name.as_str() {
        "any" | "ascii" | "assigned" => Some(name),
        _ if known(CATEGORIES) => Some(format!("gc={name}")),
        _ if known(SCRIPTS) => Some(format!("sc={name}")),
        _ => None,
    }
}

/// Returns whether the class contains only surrogates, which UTF-8 text cannot contain.
pub(crate) fn is_surrogates(query: &str) -> bool {
    matches!(query, "gc=cs" | "gc=surrogate")
}
