using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Sampling;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml verify</c> does.</summary>
internal sealed class VerifyAction(VerifyCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var path = arguments.GetRequiredValue(command.Image);
        var receipt = ImageProvenance.Read(path) ?? throw new InputException(path, $"a PNG file with a receipt of {Cli.Name} {SampleCommand.CommandName}", "none in it");
        var verdict = command.Model.Read(arguments) is { } model ? Verify(path, receipt, model, arguments) : null;
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, ToJson(path, receipt, verdict));
        }
        else
        {
            Write(receipt, verdict);
        }

        return verdict is { IsSame: false } ? ExitCode.BadInput : ExitCode.Success;
    }

    private Verdict Verify(string path, ImageProvenance receipt, string model, ParseResult arguments)
    {
        TorchSession.Start(command.Threads.Read(arguments));
        using var generator = Generator.Load(model, receipt.Precision);
        var verification = generator.Verify(path);
        var text = verification switch
        {
            { IsOtherModel: true } => $"no: the receipt names another model than {model}, whose hash is {generator.Hash}",
            { LargestDifference: null } => "no: the model makes a picture of another size from this receipt",
            { LargestDifference: 0 } => "yes: the model makes this very picture, pixel by pixel",
            { IsSame: true, LargestDifference: var difference } => $"yes, but for rounding: no pixel differs by more than {difference} of 255, as on another processor or with other threads",
            { LargestDifference: var difference } => $"no: the model makes another picture from this receipt; a pixel differs by {difference} of 255",
        };
        return new Verdict(verification.IsSame, verification.LargestDifference, text);
    }

    private void Write(ImageProvenance receipt, Verdict? verdict)
    {
        var output = host.Out;
        var what = receipt.OtherSeed is { } other
            ? $"{receipt.Count:N0} images from seed {receipt.Seed} to seed {other}"
            : receipt.Count == 1 ? $"image {receipt.Index} of seed {receipt.Seed}" : $"images {receipt.Index} to {receipt.Index + receipt.Count - 1} of seed {receipt.Seed}";
        output.WriteLine($"Shows     {what}");
        output.WriteLine($"Class     {Text.Printable(receipt.Class ?? "not asked for")}");
        output.WriteLine($"Model     {Text.Printable(receipt.ModelHash)}");
        output.WriteLine($"Made by   PhotoMl {Text.Printable(receipt.Version)} in {Values.Word(receipt.Precision)}{(receipt.Truncation is { } limit ? $", truncated at {limit:G}" : "")}");
        output.WriteLine(verdict is null
            ? "Verified  no: give the model with --model, and the picture is made again and compared"
            : $"Verified  {Text.Printable(verdict.Text)}");
    }

    private static object ToJson(string path, ImageProvenance receipt, Verdict? verdict) => new
    {
        Command = VerifyCommand.CommandName,
        Path = path,
        Receipt = receipt,
        Verified = verdict?.IsSame,
        verdict?.LargestDifference,
    };

    private sealed record Verdict(bool IsSame, int? LargestDifference, string Text);
}
