using System.CommandLine;

namespace PhotoMl.Cli.Options;

/// <summary>An option that sets one property of a trainer's options, whose own check is the option's check.</summary>
/// <typeparam name="TOptions">The type of the trainer's options.</typeparam>
internal interface ITrainingOption<TOptions>
{
    /// <summary>The option of the command line.</summary>
    Option Option { get; }

    /// <summary>Whether it was given.</summary>
    bool IsGiven(ParseResult arguments);

    /// <summary>Sets the property if the option was given.</summary>
    TOptions Apply(ParseResult arguments, TOptions options);
}

/// <inheritdoc cref="ITrainingOption{TOptions}"/>
/// <typeparam name="TOptions">The type of the trainer's options.</typeparam>
/// <typeparam name="T">The type of the property.</typeparam>
internal sealed class TrainingOption<TOptions, T>(
    string name, string valueName, string description, T @default, Func<string, T> parse, Func<TOptions, T, TOptions> set)
    : ValueOption<T>(name, valueName, description, @default, text => Checked(parse(text), set)), ITrainingOption<TOptions>
    where TOptions : new()
{
    private static readonly TOptions Scratch = new();

    /// <inheritdoc/>
    public Option Option => this;

    /// <inheritdoc/>
    public TOptions Apply(ParseResult arguments, TOptions options) =>
        IsGiven(arguments) ? set(options, Read(arguments)) : options;

    private static T Checked(T value, Func<TOptions, T, TOptions> set)
    {
        _ = set(Scratch, value);
        return value;
    }
}
