using PhotoMl.Cli.Commands;
using PhotoMl.Sampling;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>sample --json</c> prints.</summary>
internal sealed class SampleJson(
    string model, Generator generator, SampleRequest request, IReadOnlyList<string> files, TimeSpan duration, int threads)
{
    public string Command => "sample";
    public string Model => model;
    public string ModelHash => generator.Hash;
    public int Count => request.Options.Count;
    public long Seed => request.Options.Seed;
    public long? OtherSeed => request.OtherSeed;
    public string? Class => request.ClassName;
    public double? Truncation => double.IsFinite(request.Options.Truncation) ? request.Options.Truncation : null;
    public IReadOnlyList<string> Files => files;
    public double Seconds => duration.TotalSeconds;
    public double ImagesPerSecond => Count / Math.Max(Seconds, 1e-9);
    public string Device => Cli.Cpu;
    public string Precision => Values.Word(generator.Model.Precision);
    public int Threads => threads;
}

/// <summary>What <c>verify --json</c> prints; verified is null where no model was given.</summary>
internal sealed class VerifyJson(string path, ImageProvenance record, ImageVerification? verification)
{
    public string Command => "verify";
    public string Path => path;
    public ProvenanceJson Provenance => new(record);
    public bool? Verified => verification?.IsSame;
    public int? LargestDifference => verification?.LargestDifference;
}

/// <summary>The provenance record of an image or a grid of them.</summary>
internal sealed class ProvenanceJson(ImageProvenance record)
{
    public string ModelHash => record.ModelHash;
    public long Seed => record.Seed;
    public long? OtherSeed => record.OtherSeed;
    public long Index => record.Index;
    public int Count => record.Count;
    public int Columns => record.Columns;
    public int Scale => record.Scale;
    public string? Class => record.Class;
    public double? Truncation => record.Truncation;
    public string Precision => Values.Word(record.Precision);
    public string Version => record.Version;
}
