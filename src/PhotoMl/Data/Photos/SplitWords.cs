namespace PhotoMl.Data;

/// <summary>What the names of folders, and the values of a list's column, say of the split that photos belong to.</summary>
/// <remarks>Only letters count, in any case, without additions: <c>seg_train</c>, <c>Training images</c> and <c>train2017</c> are
/// <c>train</c>. The public test set of FER2013 is for validation.</remarks>
internal static class SplitWords
{
    private static readonly string[] Additions =
        "seg my dataset subset set data images image imgs img photos photo pics pic samples sample split folder dir".Split(' ');

    /// <summary>The split that a word means; null where it means none.</summary>
    public static DatasetSplits? Find(string word) => Additions.Aggregate(
        string.Concat(word.Where(char.IsLetter)).ToLowerInvariant(),
        (rest, addition) => rest.Replace(addition, "", StringComparison.Ordinal)) switch
    {
        "train" or "training" or "trn" or "trainval" => DatasetSplits.Train,
        "val" or "valid" or "validate" or "validation" or "dev" or "devel" or "development" or "publictest" => DatasetSplits.Validation,
        "test" or "testing" or "tst" or "eval" or "evaluation" or "holdout" or "heldout" or "privatetest" => DatasetSplits.Test,
        _ => null,
    };
}
