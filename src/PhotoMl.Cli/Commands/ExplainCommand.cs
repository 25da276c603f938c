using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Explanation;
using PhotoMl.Imaging;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml explain</c> takes.</summary>
internal sealed class ExplainCommand : Command
{
    private const int DefaultSide = 320;

    private static readonly ExplanationOptions Defaults = new();

    public ExplainCommand()
        : base("explain", "Show where in images a classifier sees a class, and whether that is to be believed.")
    {
        Add(Model);
        Add(Images);
        Add(Method);
        Add(Class);
        Add(Output);
        Add(Overwrite);
        Add(Size);
        Add(Layer);
        Add(Baseline);
        Add(Steps);
        Add(Window);
        Add(RandomMaps);
        Add(Seed);
        Add(NoFaithfulness);
        Add(Foreground);
        Add(Threads);
        Add(Json);
        Add(Quiet);
    }

    public Argument<string> Model { get; } = CommonOptions.Model();

    public Argument<string[]> Images { get; } = new("IMAGE")
    {
        Description = "Image files, and folders that are searched for them.",
        Arity = ArgumentArity.OneOrMore,
    };

    public ValueOption<ExplanationMethod> Method { get; } =
        new("--method", "NAME", $"How: {Values.Words<ExplanationMethod>()}.", Defaults.Method, Values.ToWord<ExplanationMethod>);

    public ValueOption<string?> Class { get; } =
        new("--class", "NAME", "The class to explain, by name or number: why, or why not? [default: the one predicted]", null, Values.ToText);

    public ValueOption<string?> Output { get; } = new("--output", "FILE", "The PNG file of all images. [default: explain-IMAGE.png]", null, Values.ToPng) { Aliases = { "-o" } };

    public Option<bool> Overwrite { get; } = CommonOptions.Overwrite();

    public ValueOption<int> Size { get; } = new(
        "--size", "N", "The longer side that images are drawn at, in pixels.", DefaultSide, Values.Int32Between(64, 1024));

    public ValueOption<string?> Layer { get; } = new("--layer", "NAME", "The layer of grad-cam. [default: the last convolution]", null, Values.ToText);

    public ValueOption<ExplanationBaseline> Baseline { get; } = new(
        "--baseline",
        "NAME",
        $"What integrated-gradients begin with and occlusion covers with: {Values.Words<ExplanationBaseline>()}.",
        Defaults.Baseline,
        Values.ToWord<ExplanationBaseline>);

    public ValueOption<int> Steps { get; } = new(
        "--steps", "N", "The steps of integrated-gradients.", Defaults.Steps, text => (Defaults with { Steps = Values.ToInt32(text) }).Steps);

    public ValueOption<int?> Window { get; } = new(
        "--window", "N", "The side of what occlusion covers, in pixels of the network's input. [default: a sixth]", null, text => (Defaults with { Window = Values.ToInt32(text) }).Window);

    public ValueOption<int> RandomMaps { get; } = new(
        "--random-maps", "N", "The random maps that each map is compared with.", Defaults.RandomMaps, text => (Defaults with { RandomMaps = Values.ToInt32(text) }).RandomMaps);

    public ValueOption<long> Seed { get; } = new("--seed", "N", "The seed of the random maps.", Defaults.Seed, Values.ToInt64);

    public Option<bool> NoFaithfulness { get; } = new("--no-faithfulness") { Description = "Do not measure whether the maps are to be believed; quicker." };

    public ValueOption<ForegroundChoice> Foreground { get; } = CommonOptions.Foreground();

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public Option<bool> Json { get; } = CommonOptions.Json("Print one line of JSON an image.");

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();

    /// <summary>How the command line asks for images to be explained.</summary>
    /// <exception cref="UsageException">It contradicts itself.</exception>
    public ExplanationOptions ReadOptions(ParseResult arguments)
    {
        var method = Method.Read(arguments);
        Require(Layer.IsGiven(arguments), Layer, method, ExplanationMethod.GradCam);
        Require(Steps.IsGiven(arguments), Steps, method, ExplanationMethod.IntegratedGradients);
        Require(Window.IsGiven(arguments), Window, method, ExplanationMethod.Occlusion);
        Require(Baseline.IsGiven(arguments), Baseline, method, ExplanationMethod.IntegratedGradients, ExplanationMethod.Occlusion);
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

    private static void Require(bool isGiven, Option option, ExplanationMethod method, params ExplanationMethod[] methods)
    {
        if (isGiven && !methods.Contains(method))
        {
            throw new UsageException($"{option.Name}: expected it with {string.Join(" or ", methods.Select(one => $"--method {Values.Word(one)}"))} only");
        }
    }
}
