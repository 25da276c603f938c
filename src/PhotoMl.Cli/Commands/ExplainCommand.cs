using PhotoMl.Cli.Json;
using PhotoMl.Data;
using PhotoMl.Explanation;
using PhotoMl.IO;
using PhotoMl.Imaging;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml explain</c>.</summary>
internal sealed class ExplainCommand : ToolCommand
{
    private const int DefaultSide = 320;

    private static readonly ExplanationOptions Defaults = new();

    public ExplainCommand()
        : base("explain")
    {
        Json.Description = "Print one line of JSON for each image.";
        AddAll(
            Model, Images, Method, Class, Output, Overwrite, Size, Layer, Baseline, Steps, Window, RandomMaps, Seed, NoFaithfulness,
            Foreground, Threads, Json, Quiet);
    }

    public Argument<string> Model { get; } = CommonOptions.Model();

    public Argument<string[]> Images { get; } = new("IMAGE")
    {
        Description = "Image files, and folders that are searched for them.",
        Arity = ArgumentArity.OneOrMore,
    };

    public ValueOption<ExplanationMethod> Method { get; } =
        new("--method", "NAME", $"The method: {Values.Words<ExplanationMethod>()}.", Defaults.Method, Values.ToWord<ExplanationMethod>);

    public ValueOption<string?> Class { get; } =
        CommonOptions.Text("--class", "NAME", "The class to explain, by name or number. [default: the predicted one]");

    public ValueOption<string?> Output { get; } =
        CommonOptions.Output("FILE.png", "The PNG file of all images. [default: explain-IMAGE.png]", Values.ToPng);

    public ValueOption<int> Size { get; } = new(
        "--size", "N", "The longer side of the drawn images, in pixels.", DefaultSide, Values.Between(64, 1024));

    public ValueOption<string?> Layer { get; } =
        CommonOptions.Text("--layer", "NAME", "The layer of grad-cam. [default: the last above 1x1]");

    public ValueOption<ExplanationBaseline> Baseline { get; } = new(
        "--baseline",
        "NAME",
        $"The baseline of integrated-gradients and the cover of occlusion: {Values.Words<ExplanationBaseline>()}.",
        Defaults.Baseline,
        Values.ToWord<ExplanationBaseline>);

    public ValueOption<int> Steps { get; } = new(
        "--steps", "N", "The steps of integrated-gradients.", Defaults.Steps,
        text => (Defaults with { Steps = Values.ToWhole<int>(text) }).Steps);

    public ValueOption<int?> Window { get; } = new(
        "--window", "N", "The side of the window of occlusion, in pixels of the network's input. [default: a sixth of its side]", null,
        text => (Defaults with { Window = Values.ToWhole<int>(text) }).Window);

    public ValueOption<int> RandomMaps { get; } = new(
        "--random-maps", "N", "How many random maps each map is compared with.", Defaults.RandomMaps,
        text => (Defaults with { RandomMaps = Values.ToWhole<int>(text) }).RandomMaps);

    public ValueOption<long> Seed { get; } = CommonOptions.Seed("The seed of the random maps.", Defaults.Seed);

    public Option<bool> NoFaithfulness { get; } =
        new("--no-faithfulness") { Description = "Do not measure whether the maps are faithful, which takes most of the time." };

    public ValueOption<ForegroundChoice> Foreground { get; } = CommonOptions.Foreground();

    public override int Run(ParseResult arguments, CliHost host)
    {
        var options = ReadOptions(arguments);
        TorchSession.Start(Threads.Read(arguments));
        using var classifier = Classifier.Load(arguments.GetRequiredValue(Model), Precision.Float32);
        var images = arguments.GetRequiredValue(Images);
        var output = Output.Read(arguments)
            ?? OutputCheck.UnusedPng($"explain-{Path.GetFileNameWithoutExtension(DatasetLoader.FindImages(images)[0].Path)}");
        OutputException.ThrowIfInput(output, images);
        OutputCheck.Replaceable(Output, output, arguments.GetValue(Overwrite));
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var results = classifier.ExplainMany(
            images,
            output,
            Size.Read(arguments),
            Class.Read(arguments),
            options,
            Foreground.Read(arguments),
            progress,
            host.CancellationToken);
        progress.Dispose();
        if (arguments.GetValue(Json))
        {
            foreach (var (path, explanation, problem) in results)
            {
                JsonLine.Write(
                    host.Out, explanation is null ? new { Path = path, Error = problem } : new ExplanationJson(explanation, output));
            }
        }
        else
        {
            new ExplanationText(results, isClassGiven: Class.Read(arguments) is not null).Write(host.Out, classifier.ModelPath, output);
        }

        var read = results.Count(result => result.Explanation is not null);
        if (read < results.Count)
        {
            host.Error.WriteLine($"{results.Count - read:N0} of {Text.Count(results.Count, "image")} could not be read.");
        }

        return read > 0 ? ExitCode.Success : ExitCode.BadInput;
    }

    /// <summary>How the command line asks for images to be explained.</summary>
    /// <exception cref="UsageException">It contradicts itself.</exception>
    private ExplanationOptions ReadOptions(ParseResult arguments)
    {
        var method = Method.Read(arguments);
        (Option Option, ExplanationMethod[] Methods)[] ofMethods =
        [
            (Layer, [ExplanationMethod.GradCam]),
            (Steps, [ExplanationMethod.IntegratedGradients]),
            (Window, [ExplanationMethod.Occlusion]),
            (Baseline, [ExplanationMethod.IntegratedGradients, ExplanationMethod.Occlusion]),
        ];
        foreach (var (option, methods) in ofMethods.Where(entry => !entry.Methods.Contains(method)))
        {
            var others = string.Join(" or ", methods.Select(one => $"--method {Values.Word(one)}"));
            CheckNotGiven(arguments, $"with {others} only", option);
        }

        var isUnmeasured = arguments.GetValue(NoFaithfulness);
        return isUnmeasured && (RandomMaps.IsGiven(arguments) || Seed.IsGiven(arguments))
            ? throw new UsageException($"{NoFaithfulness.Name}: expected neither {RandomMaps.Name} nor {Seed.Name} with it")
            : new ExplanationOptions
            {
                Method = method,
                Layer = Layer.Read(arguments),
                Baseline = Baseline.Read(arguments),
                Steps = Steps.Read(arguments),
                Window = Window.Read(arguments),
                MeasureFaithfulness = !isUnmeasured,
                RandomMaps = RandomMaps.Read(arguments),
                Seed = Seed.Read(arguments),
            };
    }
}
