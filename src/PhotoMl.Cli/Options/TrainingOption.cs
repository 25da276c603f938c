using System.CommandLine;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>An option that sets one property of <see cref="ClassifierTrainingOptions"/>, whose own check is the option's check.</summary>
internal interface ITrainingOption
{
    /// <summary>The option of the command line.</summary>
    Option Option { get; }

    /// <summary>Whether it was given.</summary>
    bool IsGiven(ParseResult arguments);

    /// <summary>Sets the property if the option was given.</summary>
    ClassifierTrainingOptions Apply(ParseResult arguments, ClassifierTrainingOptions options);
}

/// <inheritdoc cref="ITrainingOption"/>
/// <typeparam name="T">The type of the property.</typeparam>
internal sealed class TrainingOption<T>(
    string name, string valueName, string description, T @default, Func<string, T> parse, Func<ClassifierTrainingOptions, T, ClassifierTrainingOptions> set)
    : ValueOption<T>(name, valueName, description, @default, text => Checked(parse(text), set)), ITrainingOption
{
    private static readonly ClassifierTrainingOptions Scratch = new();

    /// <inheritdoc/>
    public Option Option => this;

    /// <inheritdoc/>
    public ClassifierTrainingOptions Apply(ParseResult arguments, ClassifierTrainingOptions options) =>
        IsGiven(arguments) ? set(options, Read(arguments)) : options;

    private static T Checked(T value, Func<ClassifierTrainingOptions, T, ClassifierTrainingOptions> set)
    {
        _ = set(Scratch, value);
        return value;
    }
}
