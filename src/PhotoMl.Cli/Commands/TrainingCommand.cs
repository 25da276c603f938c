using PhotoMl.Data;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What every command that trains takes.</summary>
/// <typeparam name="TOptions">The type of the trainer's options.</typeparam>
internal abstract class TrainingCommand<TOptions> : ToolCommand
    where TOptions : new()
{
    protected TrainingCommand(string name)
        : base(name) =>
        Output = CommonOptions.Output("DIR", $"The folder of the run. [default: runs/{name}-DATA-TIME]", Values.ToText);

    protected ValueOption<string?> Data { get; } = CommonOptions.Data(
        "What to train on: auto, mnist, fashion-mnist, digits, a folder of photos or of IDX files, or a CSV file that lists photos. "
            + "[default: auto]");

    protected ValueOption<string?> Output { get; }

    protected ValueOption<string?> Resume { get; } = CommonOptions.Text("--resume", "DIR", "Resume the run of this folder.");

    protected ValueOption<int?> Limit { get; } =
        CommonOptions.Limit("Use N of the training images, drawn at random; where there are no validation images, of these.");

    /// <summary>The training options that the command line asks for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="defaults">What holds where the command line says nothing; null for the trainer's own defaults.</param>
    protected TOptions ReadTraining(ParseResult arguments, TOptions? defaults = default) =>
        Options.OfType<TrainingOption<TOptions>>()
            .Aggregate(defaults ?? new TOptions(), (options, option) => option.Apply(arguments, options));

    /// <summary>What to train on.</summary>
    protected string DataOf(ParseResult arguments) => Data.Read(arguments) ?? DatasetLoader.Auto;

    /// <summary>What is reported when a run is stopped.</summary>
    protected string DescribeStop(RunFolder run) => File.Exists(run.CheckpointPath)
        ? $"Stopped. To resume: {Cli.Name} {Name} --resume {ShellWord.Quote(run.Path)}"
        : $"Stopped before the first step: there is nothing to resume, and {ShellWord.Quote(run.Path)} can be used again.";

    /// <summary>Adds all options, in the order of the help.</summary>
    protected void AddGroups(params IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> groups)
    {
        Groups = groups;
        AddAll([.. groups.SelectMany(group => group.Options)]);
        Option[] ofTheRun = [.. Options.Except([Resume, Json, Quiet])];
        Validators.Add(result =>
        {
            if (result.GetResult(Resume) is not null
                && ofTheRun.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } other)
            {
                var remedy = other is TrainingOption<TOptions> && Name == "train-cnn"
                    ? $"; a new run can start from its weights: {Cli.Name} {Name} --weights DIR" : "";
                result.AddError($"{other.Name}: expected it not to be given with --resume, which takes it from the run it resumes{remedy}");
            }
        });
    }
}
