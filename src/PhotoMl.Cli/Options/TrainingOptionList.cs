namespace PhotoMl.Cli.Options;

/// <summary>How the options of a trainer are made.</summary>
/// <typeparam name="TOptions">The type of the trainer's options.</typeparam>
internal abstract class TrainingOptionList<TOptions>
    where TOptions : new()
{
    /// <summary>A whole number.</summary>
    protected static TrainingOption<TOptions, int> Int32(string name, string description, int @default, Func<TOptions, int, TOptions> set) =>
        new(name, "N", description, @default, Values.ToInt32, set);

    /// <summary>A whole number of any size.</summary>
    protected static TrainingOption<TOptions, long> Int64(string name, string description, long @default, Func<TOptions, long, TOptions> set) =>
        new(name, "N", description, @default, Values.ToInt64, set);

    /// <summary>A number.</summary>
    protected static TrainingOption<TOptions, double> Double(string name, string description, double @default, Func<TOptions, double, TOptions> set) =>
        new(name, "X", description, @default, Values.ToDouble, set);

    /// <summary>One of several words.</summary>
    protected static TrainingOption<TOptions, T> Word<T>(string name, string valueName, string description, T @default, Func<TOptions, T, TOptions> set)
        where T : struct, Enum =>
        new(name, valueName, $"{description}: {Values.Words<T>()}.", @default, Values.ToWord<T>, set);
}
