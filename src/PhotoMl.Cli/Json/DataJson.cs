using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>data list --json</c> prints; the path is null where a set is not on the machine.</summary>
internal sealed class DataListJson(IEnumerable<DatasetEntry> sets, Func<DatasetEntry, string?> locate)
{
    public string Command => "data list";
    public IEnumerable<KnownSetJson> Sets =>
        sets.Select(entry => new KnownSetJson(entry.Id, entry.Title, entry.Licence, entry.Credit, locate(entry)));
}

/// <summary>A known data set.</summary>
internal sealed record KnownSetJson(string Id, string Title, string Licence, string? Credit, string? Path);

/// <summary>What <c>data get --json</c> prints.</summary>
internal sealed record DataGetJson(string Id, string Path, bool Downloaded)
{
    public string Command => "data get";
}

/// <summary>What <c>data preview --json</c> prints; the augmentation is none, affine or photo.</summary>
internal sealed record DataPreviewJson(
    string Data, string Output, IReadOnlyList<string> Classes, int Columns, int Height, int Width, long Seed, string Augmentation)
{
    public string Command => "data preview";
}

/// <summary>What <c>data check --json</c> prints of IDX files.</summary>
internal sealed class IdxCheckJson(DatasetCheckReport report)
{
    public string Command => "data check";
    public string Id => report.Id;
    public string Source => report.Source;
    public IEnumerable<IdxFileJson> Files => report.Files.Select(
        file => new IdxFileJson(file.Path, file.BytesOnDisk, file.Bytes, file.Sha256, file.ExpectedSha256, file.Problem));
    public DatasetSplitCheck? Train => report.Train;
    public DatasetSplitCheck? Test => report.Test;
    public int? TestImagesInTrain => report.TestImagesInTrain;
    public IReadOnlyList<string> Problems => report.Problems;
    public bool Sound => report.IsSound;
    public IReadOnlyList<string> Warnings => report.Warnings;
}

/// <summary>An IDX file; the hashes are of its uncompressed bytes, the expected one that of the known set.</summary>
internal sealed record IdxFileJson(string Path, long BytesOnDisk, long? Bytes, string? Sha256, string? ExpectedSha256, string? Problem);
