using PhotoMl.Sampling;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml verify</c>.</summary>
internal sealed class VerifyCommand : ToolCommand
{
    private readonly Argument<string> _image = new("IMAGE") { Description = "A PNG file that photoml sample wrote." };
    private readonly ValueOption<string?> _model =
        new("--model", "MODEL", "The model: generate the image again and compare.");

    public VerifyCommand()
        : base("verify") =>
            AddAll(_image, _model, Threads, Json);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var path = arguments.GetRequiredValue(_image);
        var record = ImageProvenance.Read(path) ?? throw new InputException(
            path, $"a PNG file with a provenance record of {Cli.Name} sample", "none in it");
        ImageVerification? verification = null;
        var verdict = $"not yet: with --model MODEL the image is generated again and compared";
        if (_model.Read(arguments) is { } model)
        {
            TorchSession.Start(Threads.Read(arguments));
            using var generator = Generator.Load(model, record.Precision);
            verification = generator.Verify(path);
            verdict = verification switch
            {
                { IsOtherModel: true } => $"no: the record names another model than {model}, whose hash is {generator.Hash}",
                { LargestDifference: null } => "no: the model generates an image of another size from this record",
                { LargestDifference: 0 } => "yes: the model generates this very image, pixel by pixel",
                { IsSame: true, LargestDifference: var difference } =>
                    $"yes, but for rounding: no pixel differs by more than {difference} of 255, as on another processor or with other "
                        + "threads",
                { LargestDifference: var difference } =>
                    $"no: the model generates another image from this record; a pixel differs by {difference} of 255",
            };
        }

        var document = new
        {
            Command = "verify",
            Path = path,
            Provenance = new
            {
                record.ModelHash,
                record.Seed,
                record.OtherSeed,
                record.Index,
                record.Count,
                record.Columns,
                record.Scale,
                record.Class,
                record.Truncation,
                Precision = Values.Word(record.Precision),
                record.Version,
            },
            Verified = verification?.IsSame, // null where no model was given
            verification?.LargestDifference,
        };
        Print(arguments, host, document, () => Write(host, record, verdict));
        return verification is { IsSame: false } ? ExitCode.BadInput : ExitCode.Success;
    }

    private static void Write(CliHost host, ImageProvenance record, string verdict)
    {
        var what = record.OtherSeed is { } other
            ? $"{record.Count:N0} images from seed {record.Seed} to seed {other}"
            : record.Count == 1
                ? $"image {record.Index} of seed {record.Seed}"
                : $"images {record.Index} to {record.Index + record.Count - 1} of seed {record.Seed}";
        host.Out.WriteLine($"Image     {what}");
        host.Out.WriteLine($"Class     {Text.Printable(record.Class ?? "none given")}");
        host.Out.WriteLine($"Model     {Text.Printable(record.ModelHash)}");
        host.Out.WriteLine(
            $"Version   PhotoMl {Text.Printable(record.Version)} in "
            + $"{Values.Word(record.Precision)}{(record.Truncation is { } limit ? $", truncated at {limit:G}" : "")}");
        Text.WriteWrapped(host.Out, verdict, host.Width, "          ", "Verified  ");
    }
}
