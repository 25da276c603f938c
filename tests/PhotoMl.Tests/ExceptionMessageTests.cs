namespace PhotoMl.Tests;

public sealed class ExceptionMessageTests
{
    private const string Hostile = "a\nb\r\nc\u2028d\u0085e\u001b[31mf";

    public static TheoryData<string> Constructors =>
        [.. All().Where(constructor => Arguments(constructor) is not null).Select(Describe)];

    [Theory]
    [MemberData(nameof(Constructors))]
    public void A_message_is_one_line_whatever_the_names_in_it(string name)
    {
        Assert.DoesNotContain(MessageOf(name), character => char.IsControl(character) || character is '\u2028' or '\u2029');
    }

    [Fact]
    public void Every_exception_of_the_library_is_covered() =>
        Assert.DoesNotContain(All().GroupBy(constructor => constructor.DeclaringType), type => type.All(one => Arguments(one) is null));

    /// <summary>The message of an exception made by one of the constructors.</summary>
    internal static string MessageOf(string name)
    {
        var constructor = All().First(candidate => Describe(candidate) == name);
        return ((PhotoMlException)constructor.Invoke(Arguments(constructor))).Message;
    }

    private static IEnumerable<ConstructorInfo> All() => typeof(PhotoMlException).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(PhotoMlException)))
        .SelectMany(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic));

    private static string Describe(ConstructorInfo constructor) =>
        $"{constructor.DeclaringType!.Name}({string.Join(", ", constructor.GetParameters().Select(parameter => parameter.Name))})";

    // Null where a parameter is of a kind this test does not know.
    private static object?[]? Arguments(ConstructorInfo constructor)
    {
        var arguments = constructor.GetParameters().Select(parameter => Argument(parameter.ParameterType)).ToArray();
        return arguments.Contains(typeof(void)) ? null : arguments;
    }

    private static object? Argument(Type type) => type switch
    {
        _ when type == typeof(string) => Hostile,
        _ when type == typeof(int) => -1234,
        _ when type == typeof(double) => -1234.5,
        _ when type == typeof(Exception) => new IOException(Hostile),
        _ when type == typeof(DatasetSearch) => new DatasetSearch(DatasetCatalog.Default.Find("mnist")!, []),
        _ when type == typeof(DatasetDownloadException) => new DatasetDownloadException(Hostile, new IOException(Hostile)),
        _ when typeof(IEnumerable<string>).IsAssignableFrom(type) => new[] { Hostile },
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
            Array.CreateInstance(type.GetGenericArguments()[0], 0),
        _ => typeof(void),
    };
}
