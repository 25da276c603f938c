using System.CommandLine;

namespace PhotoMl.Cli.Options;

/// <summary>An option that sets one property of a trainer's options, whose own check is the option's check.</summary>
internal interface ITrainingOption<TOptions>
{
    /// <summary>Whether it was given.</summary>
    bool IsGiven(ParseResult arguments);

    /// <summary>Sets the property if the option was given.</summary>
    TOptions Apply(ParseResult arguments, TOptions options);
}

/// <inheritdoc cref="ITrainingOption{TOptions}"/>
internal sealed class TrainingOption<TOptions, T>(
    string name, string valueName, string description, T @default, Func<string, T> parse, Func<TOptions, T, TOptions> set,
    T? photos = default)
    : ValueOption<T>(name, valueName, description, @default, text => Checked(parse(text), set), photos), ITrainingOption<TOptions>
    where TOptions : new()
{
    private static readonly TOptions Scratch = new();

    public TOptions Apply(ParseResult arguments, TOptions options) => IsGiven(arguments) ? set(options, Read(arguments)) : options;

    private static T Checked(T value, Func<TOptions, T, TOptions> set)
    {
        _ = set(Scratch, value);
        return value;
    }
}

/// <summary>How the options of a trainer are made.</summary>
internal abstract class TrainingOptionList<TOptions>
    where TOptions : new()
{
    protected static Option Int32(string name, string description, int @default, Func<TOptions, int, TOptions> set, int photos = 0) =>
        new TrainingOption<TOptions, int>(name, "N", description, @default, Values.ToInt32, set, photos);

    /// <summary>Gives an option a short name.</summary>
    protected static Option Short(string alias, Option option)
    {
        option.Aliases.Add(alias);
        return option;
    }

    protected static Option Int64(string name, string description, long @default, Func<TOptions, long, TOptions> set) =>
        new TrainingOption<TOptions, long>(name, "N", description, @default, Values.ToInt64, set);

    protected static Option Double(
        string name, string description, double @default, Func<TOptions, double, TOptions> set, double photos = 0) =>
        new TrainingOption<TOptions, double>(name, "X", description, @default, Values.ToDouble, set, photos);

    protected static Option Word<T>(string name, string valueName, string description, T @default, Func<TOptions, T, TOptions> set)
        where T : struct, Enum =>
        new TrainingOption<TOptions, T>(name, valueName, $"{description}: {Values.Words<T>()}.", @default, Values.ToWord<T>, set);
}
