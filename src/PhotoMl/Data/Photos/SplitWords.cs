using System.Text.RegularExpressions;

namespace PhotoMl.Data;

/// <summary>What the names of folders, and the values of a list's column, say of the split that photos belong to.</summary>
/// <remarks>Letters alone count, in any case, without what collections write before or behind the word: <c>Training</c>,
/// <c>seg_train</c>, <c>train_images</c> and <c>train2017</c> are <c>train</c>. As in FER2013, the public test set is for validation.
/// </remarks>
internal static partial class SplitWords
{
    private const string Affix = "(seg|my|(data|sub)?set|data|images?|imgs?|photos?|pictures?|pics?|samples?|split|folder|dir)";

    /// <summary>The split that a word means; null where it means none.</summary>
    public static DatasetSplits? Find(string word) =>
        Affixes().Replace(string.Concat(word.Where(char.IsLetter)).ToLowerInvariant(), "") switch
        {
            "train" or "training" or "trn" or "trainval" => DatasetSplits.Train,
            "val" or "valid" or "validate" or "validation" or "dev" or "devel" or "development" or "publictest" => DatasetSplits.Validation,
            "test" or "testing" or "tst" or "eval" or "evaluation" or "holdout" or "heldout" or "privatetest" => DatasetSplits.Test,
            _ => null,
        };

    [GeneratedRegex($"^{Affix}+|{Affix}+$")]
    private static partial Regex Affixes();
}
