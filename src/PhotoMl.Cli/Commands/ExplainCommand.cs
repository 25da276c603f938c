using PhotoMl.Cli.Json;
using PhotoMl.Data;
using PhotoMl.Explanation;
using PhotoMl.Imaging;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml explain</c>.</summary>
internal sealed class ExplainCommand : ToolCommand
{
    private const int DefaultSide = 320;

    private static readonly ExplanationOptions Defaults = new();
    private static readonly PropertyOptionSource<ExplanationOptions, ExplanationOptions> Explaining =
        new(options => options with { }, (_, changed) => changed);

    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _images =
        new("IMAGE") { Description = "Image files, and folders that are searched for them.", Arity = ArgumentArity.OneOrMore };
    private readonly Option _method = Explaining.Of("--method", nameof(Defaults.Method), "The method", "NAME");
    private readonly ValueOption<string?> _class =
        new("--class", "NAME", "The class to explain, by name or number. [default: the predicted one]");
    private readonly ValueOption<string?> _output = new(
        "--output", "FILE.png", "The PNG file of all images. [default: explain-IMAGE.png]", parse: Values.EndingIn(".png"), alias: "-o");
    private readonly ValueOption<int> _size =
        new("--size", "N", "The longer side of the drawn images, in pixels.", DefaultSide, Values.Between(64, 1024));
    private readonly ValueOption<string?> _layer = new("--layer", "NAME", "The layer of grad-cam. [default: the last above 1x1]");
    private readonly Option _baseline = Explaining.Of(
        "--baseline", nameof(Defaults.Baseline), "The baseline of integrated-gradients and the cover of occlusion", "NAME");
    private readonly Option _steps = Explaining.Of("--steps", nameof(Defaults.Steps), "The steps of integrated-gradients.");
    private readonly Option _window = Explaining.Of(
        "--window", nameof(Defaults.Window),
        "The side of the window of occlusion, in pixels of the network's input. [default: a sixth of its side]");
    private readonly ValueOption<object?> _randomMaps =
        Explaining.Of("--random-maps", nameof(Defaults.RandomMaps), "How many random maps each map is compared with.");
    private readonly ValueOption<object?> _seed = Explaining.Of("--seed", nameof(Defaults.Seed), "The seed of the random maps.");
    private readonly Option<bool> _noFaithfulness =
        new("--no-faithfulness") { Description = "Do not measure whether the maps are faithful, which takes most of the time." };
    private readonly ValueOption<ForegroundChoice> _foreground = CommonOptions.Foreground();

    public ExplainCommand()
        : base("explain")
    {
        Json.Description = "Print one line of JSON for each image.";
        AddAll(
            _model, _images, _method, _class, _output, Overwrite, _size, _layer, _baseline, _steps, _window, _randomMaps, _seed,
            _noFaithfulness, _foreground, Threads, Json, Quiet);
    }

    public override int Run(ParseResult arguments, CliHost host)
    {
        var options = ReadExplanation(arguments);
        TorchSession.Start(Threads.Read(arguments));
        using var classifier = Classifier.Load(arguments.GetRequiredValue(_model), Precision.Float32);
        var images = arguments.GetRequiredValue(_images);
        var output = _output.Read(arguments)
            ?? OutputCheck.UnusedPng($"explain-{Path.GetFileNameWithoutExtension(DatasetLoader.FindImages(images)[0].Path)}");
        OutputCheck.File(_output, output, arguments.GetValue(Overwrite), images);
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var results = classifier.ExplainMany(
            images,
            output,
            _size.Read(arguments),
            _class.Read(arguments),
            options,
            _foreground.Read(arguments),
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
            new ExplanationText(results, isClassGiven: _class.IsGiven(arguments)).Write(host.Out, classifier.ModelPath, output);
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
    private ExplanationOptions ReadExplanation(ParseResult arguments)
    {
        var isMeasured = !arguments.GetValue(_noFaithfulness);
        var options = ReadOptions(
            arguments, new ExplanationOptions { Layer = _layer.Read(arguments), MeasureFaithfulness = isMeasured });
        (Option Option, ExplanationMethod[] Methods)[] ofMethods =
        [
            (_layer, [ExplanationMethod.GradCam]),
            (_steps, [ExplanationMethod.IntegratedGradients]),
            (_window, [ExplanationMethod.Occlusion]),
            (_baseline, [ExplanationMethod.IntegratedGradients, ExplanationMethod.Occlusion]),
        ];
        foreach (var (option, methods) in ofMethods.Where(entry => !entry.Methods.Contains(options.Method)))
        {
            var others = string.Join(" or ", methods.Select(one => $"--method {Values.Word(one)}"));
            CheckNotGiven(arguments, $"with {others} only", option);
        }

        return !isMeasured && (_randomMaps.IsGiven(arguments) || _seed.IsGiven(arguments))
            ? throw new UsageException($"{_noFaithfulness.Name}: expected neither {_randomMaps.Name} nor {_seed.Name} with it")
            : options;
    }
}
