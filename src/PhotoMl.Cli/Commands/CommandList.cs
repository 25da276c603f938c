namespace PhotoMl.Cli.Commands;

/// <summary>The commands, in the order and the groups of the help.</summary>
internal static class CommandList
{
    public static IReadOnlyList<(string Title, IReadOnlyList<CommandEntry> Commands)> Groups { get; } =
    [
        (
            "Train",
            [
                new("train-cnn", "Train a classifier.", () => new TrainCnnCommand()),
                new("train-gan", "Train a DCGAN, which generates images.", () => new TrainGanCommand()),
                new("tune", "Search for better training options; those that are given are held fixed.", () => new TuneCommand()),
            ]),
        (
            "Evaluate",
            [
                new("evaluate", "Evaluate a classifier or a generator on the test images of a data set.", () => new EvaluateCommand()),
                new("compare", "Compare two classifiers: which is better, and where they differ.", () => new CompareCommand()),
                new("explain", "Draw what a prediction rests on, and measure whether the map is faithful.", () => new ExplainCommand()),
            ]),
        (
            "Use",
            [
                new("predict", "Classify images.", () => new PredictCommand()),
                new("sort", "Copy photos into a folder for each predicted class.", () => new SortCommand()),
                new("export", "Export a model to ONNX or PyTorch.", () => new ExportCommand()),
            ]),
        (
            "Generate",
            [
                new("sample", "Generate images with a trained generator.", () => new SampleCommand()),
                new(
                    "verify",
                    "Print a generated image's provenance record, and verify it by generating the image again.",
                    () => new VerifyCommand()),
            ]),
        (
            "Data and machine",
            [
                new("data", "List, download, check and draw data sets.")
                {
                    Subcommands =
                    [
                        new("list", "List the known data sets and where they are.", () => new DataListCommand()),
                        new("get", "Download a known data set into the user's cache.", () => new DataGetCommand()),
                        new("check", "Check a data set or photos: files, classes, duplicates, leaks.", () => new DataCheckCommand()),
                        new("preview", "Draw images of every class, as the network is given them.", () => new DataPreviewCommand()),
                    ],
                },
                new("doctor", "Print what this machine has, and what is wrong with it.", () => new DoctorCommand()),
            ]),
    ];
}

/// <summary>A command by what the help says of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Create">Makes it with its options; null for one that has subcommands only.</param>
internal sealed record CommandEntry(string Name, string Description, Func<ToolCommand>? Create = null)
{
    public IReadOnlyList<CommandEntry> Subcommands { get; init; } = [];

    /// <summary>Makes the command, with its options only where it may be run, since they take most of the time of a short
    /// command.</summary>
    public Command ToCommand(CliHost host, Func<string, bool> mayRun)
    {
        if (Create is not null && mayRun(Name))
        {
            var tool = Create();
            tool.Description = Description;
            tool.SetAction(arguments => tool.Run(arguments, host));
            return tool;
        }

        var command = new Command(Name, Description);
        foreach (var entry in Subcommands)
        {
            command.Add(entry.ToCommand(host, mayRun));
        }

        return command;
    }
}
