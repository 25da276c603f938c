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
        Output = new ValueOption<string?>("--output", "DIR", $"The folder of the run. [default: runs/{name}-DATA-TIME]", alias: "-o");

    protected ValueOption<string?> Data { get; } = new(
        "--data", "SET", "What to train on: auto, mnist, fashion-mnist, digits, a folder of photos or of IDX files, or a CSV file that "
            + "lists photos. [default: auto]", alias: "-d");

    protected ValueOption<string?> Output { get; }

    protected ValueOption<string?> Resume { get; } = new("--resume", "DIR", "Resume the run of this folder.");

    protected ValueOption<int?> Limit { get; } =
        CommonOptions.Limit("Use N of the training images, drawn at random; where there are no validation images, of these.");

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
                var remedy = other is PropertyOption<TOptions> && Name == "train-cnn"
                    ? $"; a new run can start from its weights: {Cli.Name} {Name} --weights DIR" : "";
                result.AddError($"{other.Name}: expected it not to be given with --resume, which takes it from the run it resumes{remedy}");
            }
        });
    }
}
