using System.Reflection;

namespace PhotoMl.Cli.Options;

/// <summary>An option that sets a property of a record of options, whose own check is the option's check.</summary>
internal sealed class PropertyOption<TOptions>(
    string name, string valueName, string description, Type type, object? @default, Func<TOptions, object?> get,
    Func<TOptions, object, TOptions> set, string? alias = null, object? photos = null)
    : ValueOption<object?>(name, valueName, description, @default, text => Checked(Values.Parse(type, text), set), alias, photos, type)
    where TOptions : new()
{
    private static readonly TOptions Scratch = new();

    /// <summary>What a command line says to change options into others; null where they have the same.</summary>
    public string? Describe(TOptions from, TOptions to) => Equals(get(from), get(to)) || get(to) is not { } value ? null
        : $"{Name} {(value is Enum word ? Values.Word(word) : $"{value}")}";

    /// <summary>Sets the part if the option was given.</summary>
    public TOptions Apply(ParseResult arguments, TOptions options) => IsGiven(arguments) ? set(options, Read(arguments)!) : options;

    private static object Checked(object value, Func<TOptions, object, TOptions> set)
    {
        _ = set(Scratch, value);
        return value;
    }
}

/// <summary>A record of options, or one within it, whose properties are set by options of the command line.</summary>
/// <param name="copy">Copies the record.</param>
/// <param name="put">Puts a copy in its place.</param>
/// <param name="photos">Its values for photos; null where they are the defaults.</param>
internal sealed class PropertyOptionSource<TOptions, TRecord>(
    Func<TOptions, TRecord> copy, Func<TOptions, TRecord, TOptions> put, TRecord? photos = null)
    where TOptions : new()
    where TRecord : class, new()
{
    private readonly TRecord _defaults = new();

    /// <summary>Makes the option that sets a property.</summary>
    /// <remarks>To its description the words of an enumeration are added, which the help shows as <paramref name="valueName"/>.</remarks>
    public PropertyOption<TOptions> Of(string name, string property, string description, string valueName = "KIND", string? alias = null)
    {
        var info = typeof(TRecord).GetProperty(property)!;
        var type = Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType;
        var (usual, ofPhotos) = (info.GetValue(_defaults), photos is null ? null : info.GetValue(photos));
        return new PropertyOption<TOptions>(
            name,
            type.IsEnum ? valueName : type == typeof(double) ? "X" : "N",
            type.IsEnum ? $"{description}: {Values.Words(type)}." : description,
            type,
            usual,
            options => info.GetValue(copy(options)),
            Set,
            alias,
            Equals(usual, ofPhotos) ? null : ofPhotos);

        TOptions Set(TOptions options, object value)
        {
            var record = copy(options);
            info.SetValue(record, value, BindingFlags.DoNotWrapExceptions, null, null, null);
            return put(options, record);
        }
    }
}
