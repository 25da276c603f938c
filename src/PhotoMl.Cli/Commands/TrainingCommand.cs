using System.CommandLine;
using PhotoMl.Cli.Help;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What every command that trains takes.</summary>
/// <typeparam name="TOptions">The type of the trainer's options.</typeparam>
internal abstract class TrainingCommand<TOptions> : Command, IGroupedCommand
    where TOptions : new()
{
    private readonly List<ITrainingOption<TOptions>> _training = [];

    protected TrainingCommand(string name, string description)
        : base(name, description) =>
        Output = CommonOptions.RunFolder(name);

    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Groups { get; private set; } = [];

    public ValueOption<string?> Data { get; } = CommonOptions.Data("What to train on: auto, mnist, fashion-mnist, digits, a folder of photos or of IDX files, or a CSV file that lists photos. [default: auto]");

    public ValueOption<string?> Output { get; }

    public ValueOption<string?> Resume { get; } = CommonOptions.Resume();

    public ValueOption<int?> Limit { get; } = CommonOptions.Limit("Train on N images only, drawn at random.");

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();

    /// <summary>The training options that the command line asks for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="defaults">What holds where the command line says nothing; null for the trainer's own defaults.</param>
    /// <exception cref="UsageException">They contradict each other.</exception>
    public TOptions ReadTraining(ParseResult arguments, TOptions? defaults = default) =>
        _training.Aggregate(defaults ?? new TOptions(), (options, option) => option.Apply(arguments, options));

    /// <summary>What to train on.</summary>
    public string DataOf(ParseResult arguments) => Data.Read(arguments) ?? DatasetLoader.Auto;

    /// <summary>What is said when a run is stopped.</summary>
    public string DescribeStop(RunFolder run) => File.Exists(run.CheckpointPath)
        ? $"Stopped. Go on with: {Cli.Name} {Name} --resume {ShellWord.Quote(run.Path)}"
        : $"Stopped before the first step; {ShellWord.Quote(run.Path)} holds nothing to go on with.";

    /// <summary>Adds all options, in the order of the help.</summary>
    protected void AddGroups(params IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> groups)
    {
        Groups = groups;
        foreach (var option in groups.SelectMany(group => group.Options))
        {
            Add(option);
        }

        _training.AddRange(Options.OfType<ITrainingOption<TOptions>>());
        Option[] ofTheRun = [.. Options.Except([Resume, Json, Quiet])];
        Validators.Add(result =>
        {
            if (result.GetResult(Resume) is not null && ofTheRun.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } other)
            {
                result.AddError($"{other.Name}: expected it not to be given with --resume, which takes it from the run it resumes");
            }
        });
    }
}
