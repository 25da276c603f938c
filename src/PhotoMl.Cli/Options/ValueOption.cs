using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace PhotoMl.Cli.Options;

/// <summary>An option with one value that is checked while the command line is parsed.</summary>
/// <remarks>To the parser every value is a text: its generic types, compiled for each type of value, would double the time that help
/// takes.</remarks>
/// <typeparam name="T">The type of the value.</typeparam>
internal class ValueOption<T> : Option<string>
{
    private readonly T _default;
    private readonly Func<string, object> _parse;

    /// <summary>Creates the option.</summary>
    /// <param name="name">The option, such as <c>--epochs</c>.</param>
    /// <param name="valueName">What stands for the value in the help.</param>
    /// <param name="description">What it does; the default is added where it is known.</param>
    /// <param name="default">The value where the option is not given.</param>
    /// <param name="parse">Makes the value of its text; throws <see cref="FormatException"/> or
    /// <see cref="ArgumentOutOfRangeException"/>. Null takes any value of the type.</param>
    /// <param name="alias">A shorter name.</param>
    /// <param name="photos">The value for photos where it is another.</param>
    /// <param name="type">The type of the value where it is not that of the option.</param>
    public ValueOption(
        string name, string valueName, string description, T @default = default!, Func<string, object>? parse = null, string? alias = null,
        object? photos = null, Type? type = null)
        : base(name, alias is null ? [] : [alias])
    {
        type ??= Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        _default = @default;
        _parse = parse ?? (text => Values.Parse(type, text));
        HelpName = valueName;
        var ofPhotos = photos is null ? "" : $"; photos: {Values.Show(photos)}";
        Description = @default is null ? description : $"{description} [default: {Values.Show(@default)}{ofPhotos}]";
        Arity = ArgumentArity.ExactlyOne;
        Validators.Add(Check);
        if (type.IsEnum)
        {
            CompletionSources.Add(_ => Enum.GetValues(type).Cast<Enum>().Select(word => new CompletionItem(Values.Word(word))));
        }
    }

    /// <summary>Whether the option was given.</summary>
    public bool IsGiven(ParseResult arguments) => arguments.GetResult(this) is { Implicit: false };

    /// <summary>The value, or the default.</summary>
    public T Read(ParseResult arguments) => IsGiven(arguments) ? (T)_parse(arguments.GetRequiredValue(this)) : _default;

    private void Check(OptionResult result)
    {
        try
        {
            if (result.Tokens is [var token])
            {
                _parse(token.Value);
            }
        }
        catch (Exception exception) when (exception is FormatException or ArgumentOutOfRangeException)
        {
            result.AddError($"{Name}: {Reason(exception)}");
        }
    }

    // The library names the property; whoever typed the option knows the option.
    private static string Reason(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: { } parameter }
        ? exception.Message.Split(" (Parameter '")[0].Split($"{parameter}: ")[^1]
        : exception.Message;
}
