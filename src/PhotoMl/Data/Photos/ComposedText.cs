using System.Text;

namespace PhotoMl.Data;

/// <summary>Joins letters and combining marks to composed characters (NFC), as file names of macOS need not have them.</summary>
/// <remarks><see cref="string.Normalize()"/> does nothing where a program is built without ICU, as the tool is. Here it is done for Latin,
/// modern Greek, Cyrillic, Arabic, Japanese and Korean.</remarks>
internal static class ComposedText
{
    // Each mark, then the characters before it, each with what it becomes; small letters follow from capitals where these are there.
    private const string Marks =
        "\u0300AÀEÈIÌOÒUÙÜǛNǸЕЀИЍĒḔŌṐWẀÂẦĂẰÊỀÔỒƠỜƯỪYỲ \u0301AÁEÉIÍOÓUÚYÝCĆLĹNŃRŔSŚZŹÜǗGǴÅǺÆǼØǾ¨΅ΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐϋΰϒϓГЃКЌÇḈĒḖÏḮKḰMḾÕṌŌṒPṔŨṸ"
        + "WẂÂẤĂẮÊẾÔỐƠỚƯỨ \u0302AÂEÊIÎOÔUÛCĈGĜHĤJĴSŜWŴYŶZẐẠẬẸỆỌỘ \u0303AÃNÑOÕIĨUŨVṼÂẪĂẴEẼÊỄÔỖƠỠƯỮYỸ \u0304AĀEĒIĪOŌUŪÜǕÄǞȦǠÆǢǪǬÖȪÕȬȮȰYȲИӢУӮ"
        + "GḠḶḸṚṜ \u0306AĂEĔGĞIĬOŎUŬУЎИЙЖӁАӐЕӖȨḜẠẶ \u0307CĊEĖGĠIİZŻAȦOȮBḂDḊFḞHḢMṀNṄPṖRṘSṠŚṤŠṦṢṨTṪWẆXẊYẎſẛ \u0308AÄEËIÏOÖUÜYŸΙΪΥΫϒϔЕЁІЇАӒӘӚ"
        + "ЖӜЗӞИӤОӦӨӪЭӬУӰЧӴЫӸHḦÕṎŪṺWẄXẌtẗ \u0309AẢÂẨĂẲEẺÊỂIỈOỎÔỔƠỞUỦƯỬYỶ \u030AAÅUŮwẘyẙ \u030BOŐUŰУӲ \u030CCČDĎEĚLĽNŇRŘSŠTŤZŽAǍIǏOǑUǓÜǙGǦK"
        + "ǨƷǮjǰHȞ \u030FAȀEȄIȈOȌRȐUȔѴѶ \u0311AȂEȆIȊOȎRȒUȖ \u031BOƠUƯ \u0323BḄDḌHḤKḲLḶMṂNṆRṚSṢTṬVṾWẈZẒAẠEẸIỊOỌƠỢUỤƯỰYỴ \u0324UṲ \u0325AḀ "
        + "\u0326SȘTȚ \u0327CÇGĢKĶLĻNŅRŖSŞTŢEȨDḐHḨ \u0328AĄEĘIĮUŲOǪ \u032DDḒEḘLḼNṊTṰUṶ \u032EHḪ \u0330EḚIḬUṴ \u0331BḆDḎKḴLḺNṈRṞTṮZẔhẖ "
        + "\u0653\u0627\u0622 \u0654\u0627\u0623\u0648\u0624\u064A\u0626\u06D5\u06C0\u06C1\u06C2\u06D2\u06D3 \u0655\u0627\u0625 \u3099かがきぎ"
        + "くぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヰヸヱヹヲヺヽヾ \u309Aはぱひぴふぷへぺほぽハパヒピフプヘペホポ";

    private static readonly Dictionary<(char, char), char> Pairs = Marks.Split(' ')
        .SelectMany(group => group[1..].Chunk(2)
            .SelectMany(pair => new[] { pair, Array.ConvertAll(pair, char.ToLowerInvariant) })
            .Select(pair => ((pair[0], group[0]), pair[1])))
        .DistinctBy(pair => pair.Item1).ToDictionary();

    public static string Of(string text)
    {
        var composed = new StringBuilder();
        foreach (var next in text)
        {
            var joined = composed.Length > 0 && next >= '\u0300' ? Join(composed[^1], next) : null; // no mark is below
            composed.Length -= joined is null ? 0 : 1;
            composed.Append(joined ?? next);
        }

        return $"{composed}";
    }

    // The syllables of Korean are computed: 21 vowels for each first consonant, 28 ends for each of these, of which one is none.
    private static char? Join(char first, char second) =>
        Pairs.TryGetValue((first, second), out var joined) ? joined
        : (first, second) is (>= '\u1100' and <= '\u1112', >= '\u1161' and <= '\u1175')
            ? (char)('\uAC00' + ((((first - '\u1100') * 21) + (second - '\u1161')) * 28))
        : (first, second) is (>= '\uAC00' and <= '\uD7A3', > '\u11A7' and <= '\u11C2') && (first - '\uAC00') % 28 == 0
            ? (char)(first + (second - '\u11A7'))
        : null;
}
