using PhotoMl.Quality;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>data check --json</c> prints of IDX files; the hashes are of their uncompressed bytes, the expected one that of the
/// known set.</summary>
internal sealed class IdxCheckJson(DatasetCheckReport report, LabelCheckReport? labels)
{
    public string Command => "data check";
    public string Id => report.Id;
    public string Source => report.Source;
    public IEnumerable<object> Files => report.Files.Select(
        file => new { file.Path, file.BytesOnDisk, file.Bytes, file.Sha256, file.ExpectedSha256, file.Problem });
    public DatasetSplitCheck? Train => report.Train;
    public DatasetSplitCheck? Test => report.Test;
    public int? TestImagesInTrain => report.TestImagesInTrain;
    public IReadOnlyList<string> Problems => report.Problems;
    public bool Sound => report.IsSound;
    public IReadOnlyList<string> Warnings => report.Warnings;
    public LabelCheckReport? Labels => labels;
}
