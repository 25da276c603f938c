using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn</c> takes.</summary>
internal sealed class TrainCnnCommand : Command
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "train-cnn";

    private readonly IReadOnlyList<ITrainingOption<ClassifierTrainingOptions>> _training = ClassifierOptionList.Create();

    public TrainCnnCommand()
        : base(CommandName, "Train the convolutional classifier.")
    {
        Add(Data);
        Add(Output);
        Add(Resume);
        Add(Limit);
        foreach (var option in _training)
        {
            Add(option.Option);
        }

        Add(Device);
        Add(Threads);
        Add(Json);
        Add(Quiet);
        Validators.Add(result =>
        {
            if (result.GetResult(Resume) is not null && GivenBeside(result.GetResult) is { } other)
            {
                result.AddError($"{other}: expected it not to be given with --resume, which takes it from the run it resumes");
            }
        });
    }

    public ValueOption<string?> Data { get; } = CommonOptions.Data("What to train on: auto, mnist, fashion-mnist, digits or a folder. [default: auto]");

    public ValueOption<string?> Output { get; } = CommonOptions.RunFolder(CommandName);

    public ValueOption<string?> Resume { get; } = CommonOptions.Resume();

    public ValueOption<int?> Limit { get; } = CommonOptions.Limit("Train on so many of the images only, drawn at random.");

    public ValueOption<string> Device { get; } = CommonOptions.Device();

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();

    /// <summary>The training options that the command line asks for.</summary>
    public ClassifierTrainingOptions ReadTraining(ParseResult arguments) =>
        _training.Aggregate(new ClassifierTrainingOptions(), (options, option) => option.Apply(arguments, options));

    private string? GivenBeside(Func<Option, System.CommandLine.Parsing.OptionResult?> find) =>
        _training.Select(option => option.Option)
            .Concat([Data, Output, Limit, Threads])
            .FirstOrDefault(option => find(option) is { Implicit: false })
            ?.Name;
}
