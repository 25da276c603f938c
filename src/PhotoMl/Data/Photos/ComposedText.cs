using System.Text;

namespace PhotoMl.Data;

/// <summary>Joins letters and combining marks to composed characters (NFC), as file names of macOS need not have them.</summary>
/// <remarks><see cref="string.Normalize()"/> does nothing where a program is built without ICU, as the tool is. Here it is done for Latin,
/// modern Greek, Cyrillic, Arabic, Japanese and Korean.</remarks>
internal static class ComposedText
{
    // Each mark, then the characters before it, each with what it becomes.
    private const string Marks =
        "\u0300AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ \u0301AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔ"
        + "rŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ¨΅ΑΆΕΈΗΉΙΊΟΌΥΎΩΏϊΐαάεέηήιίϋΰοόυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐ"
        + "ôốƠỚơớƯỨưứ \u0302AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ \u0303AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễ"
        + "ÔỖôỗƠỠơỡƯỮưữYỸyỹ \u0304AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳИӢиӣУӮуӯGḠgḡḶḸḷḹṚṜṛṝ \u0306AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬ"
        + "uŭУЎИЙийуўЖӁжӂАӐаӑЕӖеӗȨḜȩḝẠẶạặ \u0307CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊxẋYẎyẏ"
        + "ſẛ \u0308AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїАӒаӓӘӚәӛЖӜжӝЗӞзӟИӤиӥОӦоӧӨӪөӫЭӬэӭУӰуӱЧӴчӵЫӸыӹHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ \u0309AẢaả"
        + "ÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ \u030AAÅaåUŮuůwẘyẙ \u030BOŐoőUŰuűУӲуӳ \u030CCČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍ"
        + "aǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ \u030FAȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕѴѶѵѷ \u0311AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ \u031BOƠoơUƯuư \u0323BḄbḅ"
        + "DḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ \u0324UṲuṳ \u0325AḀaḁ \u0326SȘsșTȚtț \u0327CÇcç"
        + "GĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ \u0328AĄaąEĘeęIĮiįUŲuųOǪoǫ \u032DDḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ \u032EHḪhḫ \u0330EḚeḛIḬiḭUṴuṵ"
        + " \u0331BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ \u0653\u0627\u0622 \u0654\u0627\u0623\u0648\u0624\u064A\u0626\u06D5\u06C0\u06C1\u06C2"
        + "\u06D2\u06D3 \u0655\u0627\u0625 \u3099かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴワヷヰヸ"
        + "ヱヹヲヺヽヾ \u309Aはぱひぴふぷへぺほぽハパヒピフプヘペホポ";

    private static readonly Dictionary<(char, char), char> Pairs = Marks.Split(' ')
        .SelectMany(group => group[1..].Chunk(2).Select(pair => ((pair[0], group[0]), pair[1]))).ToDictionary();

    public static string Of(string text)
    {
        var composed = new StringBuilder();
        foreach (var next in text)
        {
            var joined = composed.Length > 0 ? Join(composed[^1], next) : null;
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
